package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what an image holds, without keeping any of it. */
public final class ImageInspection {
  private ImageInspection() {}

  /**
   * What was found.
   *
   * @param source the image as a person writes it
   * @param digest of what the reference names
   * @param platforms those of architectures we know; empty when there is none
   */
  public record Inspected(String source, Digest digest, List<Platform> platforms) {
    public Inspected {
      platforms = List.copyOf(platforms);
    }
  }

  /**
   * The image of one architecture.
   *
   * @param layers base first
   * @param contents null when it holds no boot files that will do; then {@code problem} says why
   * @param problem null when all is well
   */
  public record Platform(
      Arch arch,
      Digest manifest,
      List<Layer> layers,
      @Nullable Contents contents,
      @Nullable String problem) {
    public Platform {
      layers = List.copyOf(layers);
    }
  }

  /**
   * One layer as the manifest lists it.
   *
   * @param size in bytes, compressed
   */
  public record Layer(String mediaType, Digest digest, long size) {}

  /**
   * What was found inside; the first four as in {@code assets.Build}.
   *
   * @param cmdline the kernel command line on one line
   */
  public record Contents(
      String layout,
      String talosVersion,
      String kernelRelease,
      List<String> extensions,
      String cmdline,
      List<FoundFile> files) {
    public Contents {
      extensions = List.copyOf(extensions);
      files = List.copyOf(files);
    }
  }

  /**
   * One boot file.
   *
   * @param origin where it was found: a path in the image, a section of a UKI, a default
   */
  public record FoundFile(AssetName name, long size, Digest digest, String origin) {}

  /**
   * Looks into an image. What must be downloaded for that goes into a temporary directory, which is
   * removed again.
   *
   * @throws CacheException when the image cannot be reached or read
   */
  public static Inspected inspect(
      ImageReference image, RegistrySettings settings, Progress progress) {
    return NotBuilt.yet();
  }
}
