package dev.moonboot.assets.registry;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;

/** Opens source images. */
public final class Registries {
  private Registries() {}

  /**
   * The registry or layout that holds {@code source}. Connects to nothing yet; a layout is looked
   * at.
   *
   * @throws RegistryException when the layout cannot be read, or the settings cannot be followed
   */
  public static Registry open(SourceImage source, RegistrySettings settings) {
    return switch (source) {
      case SourceImage.Repository repository -> new OciRegistry(repository, settings);
      case SourceImage.Layout layout -> OciLayout.open(layout);
      case SourceImage.Archive archive -> OciLayout.open(archive);
      case SourceImage.Composed _, SourceImage.Factory _ ->
          throw new IllegalArgumentException(source.display() + " is in no registry");
    };
  }
}
