package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the boot files by their content, gives them their names and adds what follows from them.
 */
final class BootFilesWriter {
  /** The shortest limit among kernels that Talos is built for. */
  private static final int MAX_CMDLINE = 4000;

  private static final String NO_IMAGE =
      "the raw kernel: its EFI zboot program is packed with neither gzip, xz nor zstd, so that only"
          + " UEFI firmware can start it";

  private static final Pattern OS_VERSION =
      Pattern.compile("(?m)^VERSION(?:_ID)?=[\"']?(v?[0-9][0-9A-Za-z.+-]{0,63})[\"']?\\s*$");
  private static final Pattern VERSION = Pattern.compile("v[0-9][0-9A-Za-z.+-]{0,63}");

  /** A file that was found, and where. */
  record Part(Found file, String origin) {}

  private final BootFileExtractor.Wanted wanted;
  private final Limits limits;
  private final Path directory;
  private final Map<AssetName, Found> files = new HashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  BootFilesWriter(BootFileExtractor.Wanted wanted, Limits limits, Path directory) {
    this.wanted = wanted;
    this.limits = limits;
    this.directory = directory;
  }

  /** Kernel and initramfs, each a file of its own. */
  BootFiles pair(String layout, Part kernel, Part initramfs) {
    return write(layout, kernel, initramfs, new Texts(new Captured.UkiTexts("", ""), null, ""));
  }

  /** Files that came one by one. */
  BootFiles parts(String layout, BootFileExtractor.Parts parts) {
    UkiLines lines = null;
    Found uki = parts.uki();
    if (uki != null) {
      lines = ExtractException.about(uki.origin(), () -> StoredUki.check(uki.file(), target()));
      move(AssetName.UKI, new Part(uki, uki.origin()));
    }
    Found iso = parts.iso();
    if (iso != null) {
      move(AssetName.ISO, ExtractException.about(iso.origin(), () -> bootable(iso)));
    }
    return write(
        layout,
        new Part(parts.kernel(), parts.kernel().origin()),
        new Part(parts.initramfs(), parts.initramfs().origin()),
        new Texts(new Captured.UkiTexts(parts.cmdline(), ""), lines, parts.cmdlineOrigin()));
  }

  private static Part bootable(Found iso) {
    IsoHead.check(iso.file());
    return new Part(iso, iso.origin());
  }

  private UkiCarver.Target target() {
    return new UkiCarver.Target(wanted.arch(), limits);
  }

  /** A unified kernel image with its parts. */
  BootFiles uki(String layout, Captured.Uki uki, String origin) {
    move(AssetName.UKI, new Part(uki.image(), origin));
    return write(
        layout,
        new Part(uki.kernel(), ".linux of " + origin),
        new Part(uki.initramfs(), ".initrd of " + origin),
        new Texts(uki.texts(), uki.lines(), ".cmdline of " + origin));
  }

  /** What a UKI says; of none, nothing. */
  private record Texts(Captured.UkiTexts of, @Nullable UkiLines lines, String cmdlineOrigin) {}

  private BootFiles write(String layout, Part kernel, Part initramfs, Texts texts) {
    Kernel sniffed = ExtractException.about(kernel.origin(), () -> kernel(kernel));
    InitramfsInspector.Report report =
        ExtractException.about(initramfs.origin(), () -> initramfs(initramfs));
    move(AssetName.VMLINUZ, kernel);
    move(AssetName.INITRAMFS, initramfs);
    String release = ExtractException.about(kernel.origin(), () -> rawImage(sniffed));
    String version = version(texts.of().osRelease());
    String cmdline =
        ExtractException.about(texts.cmdlineOrigin(), () -> cleanCmdline(texts.of().cmdline()));
    if (cmdline.isEmpty()) {
      String defaults = TalosCmdline.metal(version, wanted.arch(), report.packing());
      text(AssetName.CMDLINE, defaults, "Talos's default for metal" + of(version));
    } else {
      text(AssetName.CMDLINE, cmdline, texts.cmdlineOrigin());
    }
    return new BootFiles(
        Content.BOOT,
        wanted.arch(),
        layout,
        version,
        release,
        report.extensions(),
        texts.lines(),
        leftOut,
        files);
  }

  private static String of(String version) {
    return version.isEmpty() ? ", version unknown" : " " + version;
  }

  private Kernel kernel(Part part) {
    Kernel kernel = KernelSniffer.sniff(part.file().file());
    if (kernel.arch() != wanted.arch()) {
      throw new ExtractException(
          "is a kernel for %s (%s), not for %s"
              .formatted(kernel.arch().id(), kernel.format(), wanted.arch().id()));
    }
    return kernel;
  }

  private InitramfsInspector.Report initramfs(Part part) {
    InitramfsInspector.Report report = InitramfsInspector.inspect(part.file().file());
    Optional<Arch> arch = report.arch();
    if (arch.isPresent() && arch.get() != wanted.arch()) {
      throw new ExtractException(
          "is an initramfs whose init is for %s, not for %s"
              .formatted(arch.get().id(), wanted.arch().id()));
    }
    if (!report.problem().isEmpty()) {
      System.getLogger(BootFilesWriter.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "initramfs not understood to its end origin=\"{0}\" why=\"{1}\"",
              part.origin(),
              report.problem());
    }
    return report;
  }

  /** Adds the raw image where there can be one; gives the kernel's release. */
  private String rawImage(Kernel kernel) {
    Path vmlinuz = directory.resolve(AssetName.VMLINUZ.fileName());
    Path image = directory.resolve(AssetName.IMAGE.fileName());
    return switch (kernel.format()) {
      case BZIMAGE -> kernel.release();
      case ARM64_IMAGE -> {
        Found same = found(AssetName.VMLINUZ);
        copy(vmlinuz, image);
        files.put(
            AssetName.IMAGE, new Found(image, same.size(), same.digest(), "vmlinuz, which is raw"));
        yield kernel.release();
      }
      case EFI_ZBOOT -> {
        Optional<Found> unwrapped = Zboot.unwrap(vmlinuz, image, limits);
        unwrapped.ifPresentOrElse(
            found -> files.put(AssetName.IMAGE, found), () -> leftOut.add(NO_IMAGE));
        yield unwrapped.isEmpty() ? "" : release(image);
      }
    };
  }

  private static String release(Path image) {
    try {
      return KernelSniffer.bannerRelease(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Found found(AssetName name) {
    return Objects.requireNonNull(files.get(name));
  }

  private String version(String osRelease) {
    Matcher match = OS_VERSION.matcher(osRelease);
    if (match.find()) {
      return match.group(1);
    }
    return VERSION.matcher(wanted.talosVersion()).matches() ? wanted.talosVersion() : "";
  }

  /** A line break in it would end up as a command of its own in boot scripts. */
  private static String cleanCmdline(String section) {
    int nul = section.indexOf('\0');
    String cmdline = (nul < 0 ? section : section.substring(0, nul)).strip();
    if (cmdline.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd)) {
      throw new ExtractException("holds characters that no kernel command line may have");
    }
    if (cmdline.getBytes(UTF_8).length > MAX_CMDLINE) {
      throw new ExtractException("is longer than " + MAX_CMDLINE + " bytes");
    }
    return cmdline;
  }

  private void move(AssetName name, Part part) {
    files.put(
        name, HashedFile.move(part.file(), directory.resolve(name.fileName()), part.origin()));
  }

  private void text(AssetName name, String line, String origin) {
    byte[] text = (line + "\n").getBytes(UTF_8);
    files.put(
        name,
        HashedFile.write(
            new ByteArrayInputStream(text), directory.resolve(name.fileName()), origin));
  }
}
