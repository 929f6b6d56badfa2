package dev.moonboot.assets.build;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.SourceImage.Repository;
import dev.moonboot.assets.TalosVersion;
import java.util.Optional;

/** Images of Talos that stand beside one another in a registry, or a mirror of it. */
final class ImagesBeside {
  private static final String VENDOR = "siderolabs/";
  private static final String CATALOG = VENDOR + "extensions";
  private static final String IMAGER = "imager";

  /** The minor version from which on an installer without boot files is an image of its own. */
  private static final int SPLIT = 10;

  private ImagesBeside() {}

  /**
   * The catalog of Talos's own extensions of that version: in the registry of the base, in the
   * folder that it has there for Talos; for a base on this disk in Talos's own registry.
   */
  static ImageReference catalog(SourceImage base, String version) {
    Repository extensions =
        base instanceof Repository(var registry, var path)
            ? new Repository(registry, prefix(path) + CATALOG)
            : new Repository("ghcr.io", CATALOG);
    return new ImageReference(extensions, version, null);
  }

  /** What stands before {@code siderolabs/} in a path that has it before its last part. */
  static String prefix(String path) {
    int last = path.lastIndexOf('/') + 1;
    String folder = path.substring(0, last);
    return folder.equals(VENDOR) || folder.endsWith("/" + VENDOR)
        ? folder.substring(0, last - VENDOR.length())
        : "";
  }

  /**
   * What the installer image is put upon: {@code installer-base} beside an {@code imager}, before
   * Talos 1.10, which has none, {@code installer}; empty for any other base, which is an installer
   * image itself.
   */
  static Optional<ImageReference> installerBase(ImageReference base, String version) {
    if (base.source() instanceof Repository(var registry, var path)
        && (path.equals(IMAGER) || path.endsWith("/" + IMAGER))) {
      String tag = base.tag();
      String folder = path.substring(0, path.length() - IMAGER.length());
      return Optional.of(
          new ImageReference(
              new Repository(
                  registry, folder + (isSplit(version) ? "installer-base" : "installer")),
              tag == null ? version : tag,
              null));
    }
    return Optional.empty();
  }

  private static boolean isSplit(String version) {
    return TalosVersion.parse(version).map(of -> of.isAtLeast(SPLIT)).orElse(true);
  }

  /**
   * Where an image that a catalog names is had: beside the catalog, where that is Talos's own or a
   * mirror of it, which has its extensions too; else as it is named.
   */
  static ImageReference mirrored(ImageReference named, SourceImage catalog) {
    if (catalog instanceof Repository(var registry, var path)
        && path.equals(prefix(path) + CATALOG)
        && named.source() instanceof Repository(var _, var theirs)) {
      return new ImageReference(
          new Repository(registry, prefix(path) + theirs), named.tag(), named.digest());
    }
    return named;
  }
}
