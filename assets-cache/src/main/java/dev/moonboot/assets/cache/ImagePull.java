package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import java.nio.file.Path;
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
    return NotBuilt.yet();
  }
}
