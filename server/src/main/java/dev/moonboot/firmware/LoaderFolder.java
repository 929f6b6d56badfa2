package dev.moonboot.firmware;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** The boot loaders of one folder by name, sub-folders included. */
final class LoaderFolder {
  private final FolderTable files;
  private final Predicate<Path> hidden;

  /**
   * @param hidden says which files are not to be found
   */
  LoaderFolder(Path folder, Predicate<Path> hidden) {
    this.files = new FolderTable(folder);
    this.hidden = hidden;
  }

  /** The file called exactly so. May wait for the disk. */
  Optional<Path> exact(String name) {
    return files.exact(name).filter(hidden.negate());
  }

  /** The file called so but for upper and lower case. May wait for the disk. */
  Optional<Path> folded(String name) {
    return files.folded(name).filter(hidden.negate());
  }
}
