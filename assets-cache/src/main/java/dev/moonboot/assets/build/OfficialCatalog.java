package dev.moonboot.assets.build;

import dev.moonboot.assets.ImageReference;
import java.util.List;
import java.util.Optional;

/** What a catalog of extensions says, once it has been read. */
public interface OfficialCatalog {
  /**
   * The image of the extension that is called so, or was called so once, with its digest.
   *
   * @param name {@code siderolabs/gvisor}
   */
  Optional<ImageReference> find(String name);

  /** All that it has. */
  List<String> names();
}
