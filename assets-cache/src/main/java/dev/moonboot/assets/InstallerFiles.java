package dev.moonboot.assets;

import dev.moonboot.assets.AssetName.File;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the files of an installer image are called in a release, and what they are to a registry's
 * client (OCI image-spec, media-types.md). Each file's digest as an asset is the digest by which
 * such a client asks for it.
 */
public final class InstallerFiles {
  /** All architectures of the image: the same file in every build. */
  public static final AssetName INDEX = AssetName.file("installer/index.json");

  /** The image of one architecture. */
  public static final AssetName MANIFEST = AssetName.file("installer/manifest.json");

  /** How the image of one architecture is started. */
  public static final AssetName CONFIG = AssetName.file("installer/config.json");

  /** The media type of {@link #INDEX}. */
  public static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

  /** The media type of {@link #MANIFEST}. */
  public static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  /** The media type of {@link #CONFIG}. */
  public static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

  private static final String LAYER = "installer/layer-";

  private InstallerFiles() {}

  /**
   * One layer.
   *
   * @param number from 0, the lowest
   */
  public static AssetName layer(int number) {
    return AssetName.file(LAYER + number);
  }

  /** Whether it is the configuration or a layer. */
  public static boolean isBlob(AssetName name) {
    return name.equals(CONFIG) || (name instanceof File(var path) && path.startsWith(LAYER));
  }

  /** The index over all architectures; empty when the release has no installer image. */
  public static Optional<Asset> index(Release release) {
    return release.builds().keySet().stream()
        .sorted()
        .flatMap(arch -> release.asset(arch, INDEX).stream())
        .findFirst();
  }

  /** The images of the architectures, the first architecture first. */
  public static Stream<Asset> manifests(Release release) {
    return release.builds().keySet().stream()
        .sorted()
        .flatMap(arch -> release.asset(arch, MANIFEST).stream());
  }

  /** Configurations and layers of all architectures, each architecture's in the image's order. */
  public static Stream<Asset> blobs(Release release) {
    return release.builds().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(build ->
            build.getValue().assets().values().stream()
                .filter(asset -> isBlob(asset.name()))
                .sorted(Comparator.comparingInt(InstallerFiles::place)));
  }

  private static int place(Asset blob) {
    String name = blob.name().fileName();
    return name.startsWith(LAYER) ? Integer.parseInt(name.substring(LAYER.length())) : -1;
  }
}
