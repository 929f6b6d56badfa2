package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.nio.file.Path;
import java.util.Optional;

/** The two kinds of files that make up a catalog. */
public enum CatalogKind {
  GROUP("group", "groups"),
  PROFILE("profile", "profiles");

  private final String word;
  private final String folder;

  CatalogKind(String word, String folder) {
    this.word = word;
    this.folder = folder;
  }

  /** What one is called: {@code group}. */
  public String word() {
    return word;
  }

  /** The folder of the data directory they lie in, which is also what many are called. */
  public String folder() {
    return folder;
  }

  Path file(Path root, String id) {
    return root.resolve(folder).resolve(id + DataFolder.EXTENSION);
  }

  /** What the catalog has in force under that name, as {@link CatalogWriter} would write it. */
  Optional<Json.Obj> content(Catalog catalog, String id) {
    return switch (this) {
      case GROUP -> catalog.group(id).map(MatchboxShape::of);
      case PROFILE -> Optional.ofNullable(catalog.profiles().get(id)).map(MatchboxShape::of);
    };
  }
}
