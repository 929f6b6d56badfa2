package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes from an imager or installer image what something is composed of: its boot files, and what
 * another UKI, an installer image or an ISO image wants besides.
 */
public final class BaseFileExtractor {
  private static final String STUB = "systemd-stub.efi";
  private static final String LOADER = "systemd-boot.efi";
  private static final String SPLASH = "splash.bmp";

  private BaseFileExtractor() {}

  /**
   * What a base has.
   *
   * @param boot as {@link BootFileExtractor} gives it
   * @param stub the EFI stub of its UKIs, {@code systemd-stub.efi}; cut out of its UKI where the
   *     image has no such file; null where it has neither
   * @param loader {@code systemd-boot.efi}; null where the image has none
   * @param osRelease what its UKI says of the operating system, as in os-release(5); empty where
   *     there is no UKI
   * @param splash the splash image of its UKI; null where there is none
   */
  public record BaseFiles(
      BootFiles boot,
      @Nullable Found stub,
      @Nullable Found loader,
      String osRelease,
      @Nullable Found splash) {}

  /**
   * Writes the files into {@code directory}: boot files under the names of {@link
   * AssetName#fileName()}, the others as {@code systemd-stub.efi}, {@code systemd-boot.efi} and
   * {@code splash.bmp}. After a failure whatever was written there is to be thrown away.
   *
   * @param wanted of content {@link Content#BOOT}
   * @param directory exists, and holds nothing of these names
   * @throws ExtractException when the image's content will not do
   * @throws UncheckedIOException when {@code directory} or a layer's file fails
   */
  public static BaseFiles extract(Layers layers, Wanted wanted, Path directory, Progress progress) {
    return extract(layers, wanted, directory, progress, Limits.DEFAULT);
  }

  static BaseFiles extract(
      Layers layers, Wanted wanted, Path directory, Progress progress, Limits limits) {
    if (wanted.content() != Content.BOOT) {
      throw new IllegalArgumentException("only boot files can be composed with others");
    }
    try {
      Path scratch = Files.createTempDirectory(directory, ".parts-");
      try {
        String at = "usr/install/" + wanted.arch().id() + "/";
        Extraction extraction =
            new Extraction(layers, wanted, limits, scratch, progress)
                .alsoTaking(at + STUB, at + LOADER);
        BootFiles boot = extraction.run(new BootFilesWriter(wanted, limits, directory));
        Map<String, Found> taken = extraction.taken();
        return base(boot, taken.get(at + STUB), taken.get(at + LOADER), directory);
      } finally {
        BootFileExtractor.deleteAll(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BaseFiles base(
      BootFiles boot, @Nullable Found stub, @Nullable Found loader, Path directory) {
    Found uki = boot.files().get(AssetName.UKI);
    Optional<UkiParts.Parts> parts =
        uki == null
            ? Optional.empty()
            : Optional.of(ExtractException.about(uki.origin(), () -> UkiParts.read(uki.file())));
    return new BaseFiles(
        boot,
        stub == null
            ? cut(parts, boot.arch(), directory)
            : placed(stub, boot.arch(), directory.resolve(STUB)),
        loader == null ? null : placed(loader, boot.arch(), directory.resolve(LOADER)),
        parts.map(UkiParts.Parts::osRelease).orElse(""),
        parts
            .flatMap(UkiParts.Parts::splash)
            .map(bytes -> write(bytes, directory.resolve(SPLASH), ".splash of the UKI"))
            .orElse(null));
  }

  private static @Nullable Found cut(Optional<UkiParts.Parts> parts, Arch arch, Path directory) {
    return parts
        .map(of -> write(of.stub(), directory.resolve(STUB), "cut out of the UKI"))
        .map(stub -> checked(stub, arch))
        .orElse(null);
  }

  private static Found write(ByteBuffer bytes, Path file, String origin) {
    byte[] all = new byte[bytes.remaining()];
    bytes.get(bytes.position(), all);
    return HashedFile.write(new ByteArrayInputStream(all), file, origin);
  }

  private static Found placed(Found found, Arch arch, Path to) {
    return HashedFile.move(checked(found, arch), to, found.origin());
  }

  private static Found checked(Found found, Arch arch) {
    Optional<Arch> of = Pe.machine(FileHead.read(found.file())).flatMap(Pe::arch);
    if (!Objects.equals(of.orElse(null), arch)) {
      throw new ExtractException(found.origin() + " is no EFI program for " + arch.id());
    }
    return found;
  }
}
