package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.files.Disk;
import dev.moonboot.files.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  /**
   * What was pulled for one architecture; the fields are those of {@code assets.Build}.
   *
   * @param leftOut what is in the image and was not taken, with the reason, for people
   */
  public record PulledArch(
      Content content,
      Arch arch,
      Digest manifest,
      String layout,
      String talosVersion,
      String kernelRelease,
      List<String> extensions,
      List<String> leftOut,
      List<PulledFile> files) {
    public PulledArch {
      leftOut = List.copyOf(leftOut);
      extensions = List.copyOf(extensions);
      files = List.copyOf(files);
    }
  }

  /**
   * One file; {@code <file>.sha256} lies beside it, or {@code SHA256SUMS} in the folder of its
   * architecture lists it.
   *
   * @param origin where it was found: a path in the image, a section of a UKI, a default
   */
  public record PulledFile(AssetName name, Path file, long size, Digest digest, String origin) {}

  /** What is to be pulled; empty {@code arches} for all that the image has. */
  public record Order(ImageReference image, Content content, List<Arch> arches) {
    public Order {
      arches = List.copyOf(arches);
    }
  }

  /**
   * Pulls an image and writes {@code vmlinuz-arm64}, {@code initramfs-arm64.xz} …, or {@code
   * arm64/ipxe.efi} …, with their {@code .sha256} into {@code out}. A file there is replaced as a
   * whole or not at all, and nothing is replaced before everything is at hand.
   *
   * @param out is made when it is missing
   * @throws CacheException when it cannot be done
   */
  public static Pulled pull(Order order, Path out, RegistrySettings settings, Progress progress) {
    return pull(order, out, ImageAccess.of(settings), progress);
  }

  /** As {@link #pull(Order, Path, RegistrySettings, Progress)}, what nodes boot. */
  public static Pulled pull(
      ImageReference image,
      List<Arch> arches,
      Path out,
      RegistrySettings settings,
      Progress progress) {
    return pull(new Order(image, Content.BOOT, arches), out, settings, progress);
  }

  static Pulled pull(Order order, Path out, ImageAccess access, Progress progress) {
    ImageReference image = order.image();
    try {
      Files.createDirectories(out);
      // Within out, so that files are moved to their places in one step.
      try (StopHook stop = StopHook.here();
          RunFolder scratch = RunFolder.in(out);
          OpenImage open = OpenImage.of(image, order.content(), access, progress)) {
        List<Found> found = new ArrayList<>();
        for (var platform : open.platforms(order.arches()).entrySet()) {
          Path directory = Files.createDirectory(scratch.path().resolve(platform.getKey().id()));
          BootFiles files = open.extract(platform.getKey(), platform.getValue(), directory);
          found.add(new Found(platform.getValue(), files));
        }
        try (Turn _ = PullFolder.turn(out)) {
          return stop.shielded(() -> placed(found, open, out));
        }
      }
    } catch (RegistryException | ExtractException e) {
      throw failed(image + ": " + Troubles.text(e), order, e);
    } catch (IOException e) {
      throw failed(image + " into " + out + ": " + e, order, e);
    } catch (UncheckedIOException e) {
      throw failed(image + " into " + out + ": " + e.getCause(), order, e);
    }
  }

  private static CacheException failed(String why, Order order, Exception cause) {
    return new CacheException(
        "pull "
            + (Troubles.isStopped() ? order.image() + ": broken off; nothing of it is left" : why),
        cause);
  }

  private static Pulled placed(List<Found> found, OpenImage open, Path out) throws IOException {
    List<PulledArch> pulled = new ArrayList<>();
    for (Found one : found) {
      pulled.add(place(one, open, out));
    }
    Disk.syncDirectory(out);
    return new Pulled(open.image().toString(), open.digest(), pulled);
  }

  private record Found(PlatformImage platform, BootFiles files) {}

  private static PulledArch place(Found found, OpenImage open, Path out) throws IOException {
    BootFiles files = found.files();
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var origin =
        new BuildRecord.Origin(open.image().toString(), open.digest(), found.platform(), now);
    List<PulledFile> placed = PullFolder.place(files, BuildRecord.of(origin, files), out);
    return new PulledArch(
        files.content(),
        files.arch(),
        found.platform().manifest(),
        files.layout(),
        files.talosVersion(),
        files.kernelRelease(),
        files.extensions(),
        files.leftOut(),
        placed);
  }
}
