package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Brings the boot files of one image into a directory of the caller's: no cache, no channel. */
public final class ImagePull {
  private ImagePull() {}

  /**
   * What was pulled.
   *
   * @param source the image as a person writes it
   * @param digest of what the reference named
   */
  public record Pulled(String source, Digest digest, List<PulledArch> arches) {
    public Pulled {
      arches = List.copyOf(arches);
    }
  }

  /** What was pulled for one architecture; the fields are those of {@code assets.Build}. */
  public record PulledArch(
      Arch arch,
      Digest manifest,
      String layout,
      String talosVersion,
      String kernelRelease,
      List<String> extensions,
      List<PulledFile> files) {
    public PulledArch {
      extensions = List.copyOf(extensions);
      files = List.copyOf(files);
    }
  }

  /**
   * One file; {@code <file>.sha256} lies beside it.
   *
   * @param origin where it was found: a path in the image, a section of a UKI, a default
   */
  public record PulledFile(AssetName name, Path file, long size, Digest digest, String origin) {}

  /**
   * Pulls an image and writes {@code vmlinuz-arm64}, {@code initramfs-arm64.xz} … with their {@code
   * .sha256} into {@code out}. A file there is replaced as a whole or not at all, and nothing is
   * replaced before everything is at hand.
   *
   * @param arches what must be there; empty for all that the image has
   * @param out is made when it is missing
   * @throws CacheException when it cannot be done
   */
  public static Pulled pull(
      ImageReference image,
      List<Arch> arches,
      Path out,
      RegistrySettings settings,
      Progress progress) {
    return pull(image, arches, out, ImageAccess.of(settings), progress);
  }

  static Pulled pull(
      ImageReference image, List<Arch> arches, Path out, ImageAccess access, Progress progress) {
    try {
      Files.createDirectories(out);
      // Within out, so that files are moved to their places in one step.
      Path scratch = Files.createTempDirectory(out, ".moonboot-pull-");
      try (OpenImage open = OpenImage.of(image, access, progress)) {
        List<Found> found = new ArrayList<>();
        for (var platform : open.platforms(arches).entrySet()) {
          Path directory = Files.createDirectory(scratch.resolve(platform.getKey().id()));
          BootFiles files = open.extract(platform.getKey(), platform.getValue(), directory);
          found.add(new Found(platform.getValue(), files));
        }
        List<PulledArch> pulled = new ArrayList<>();
        for (Found one : found) {
          pulled.add(place(one, open, out));
        }
        Disk.syncDirectory(out);
        return new Pulled(image.toString(), open.digest(), pulled);
      } finally {
        Disk.tryDelete(scratch);
      }
    } catch (RegistryException | ExtractException e) {
      throw new CacheException("pull " + image + ": " + Troubles.text(e), e);
    } catch (IOException e) {
      throw new CacheException("pull " + image + " into " + out + ": " + e, e);
    } catch (UncheckedIOException e) {
      throw new CacheException("pull " + image + " into " + out + ": " + e.getCause(), e);
    }
  }

  private record Found(PlatformImage platform, BootFiles files) {}

  private static PulledArch place(Found found, OpenImage open, Path out) throws IOException {
    BootFiles files = found.files();
    List<PulledFile> placed = new ArrayList<>();
    for (var entry : AssetName.sorted(files.files()).entrySet()) {
      placed.add(place(entry.getKey(), files.arch(), entry.getValue(), out));
    }
    placed.add(placeRecord(found, open, out));
    return new PulledArch(
        files.arch(),
        found.platform().manifest(),
        files.layout(),
        files.talosVersion(),
        files.kernelRelease(),
        files.extensions(),
        placed);
  }

  private static PulledFile place(AssetName name, Arch arch, BootFiles.Found found, Path out)
      throws IOException {
    if (Files.size(found.file()) != found.size()) {
      throw new IOException(found.file() + " was not written whole: No space left on device");
    }
    try (FileChannel channel = FileChannel.open(found.file(), WRITE)) {
      channel.force(true);
    }
    Path target = out.resolve(name.flatName(arch));
    Files.move(found.file(), target, ATOMIC_MOVE);
    writeChecksum(target, found.digest());
    return new PulledFile(name, target, found.size(), found.digest(), found.origin());
  }

  private static PulledFile placeRecord(Found found, OpenImage open, Path out) throws IOException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var origin =
        new BuildRecord.Origin(open.image().toString(), open.digest(), found.platform(), now);
    byte[] text = BuildRecord.of(origin, found.files()).pretty().getBytes(UTF_8);
    Path target = out.resolve(AssetName.RECORD.flatName(found.files().arch()));
    AtomicFile.replace(target, text);
    writeChecksum(target, Digest.of(text));
    return new PulledFile(
        AssetName.RECORD, target, text.length, Digest.of(text), "written by this pull");
  }

  /** One line as {@code sha256sum -c} reads it. */
  private static void writeChecksum(Path file, Digest digest) throws IOException {
    String name = file.getFileName().toString();
    AtomicFile.replace(
        file.resolveSibling(name + ".sha256"), (digest.hex() + "  " + name + "\n").getBytes(UTF_8));
  }
}
