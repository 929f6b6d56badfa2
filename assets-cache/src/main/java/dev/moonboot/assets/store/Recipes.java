package dev.moonboot.assets.store;

import static java.util.stream.Collectors.toSet;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Of what releases are made that no registry knows by their digests: with this they can be made
 * again when they are lost or damaged. Kept with the state, for the cache may be deleted.
 */
public final class Recipes {
  /** More than any number of channels and pins needs. */
  static final int MOST = 1024;

  private static final String DIGEST = "digest";

  private final StoreLayout layout;
  private final Supplier<Set<Digest>> heads;

  /**
   * @param heads of all channels: their recipes stay
   */
  Recipes(StoreLayout layout, Supplier<Set<Digest>> heads) {
    this.layout = layout;
    this.heads = heads;
  }

  /**
   * What {@link #keep} was given for that release; empty when it is not kept, or not any more.
   *
   * @throws IOException when it cannot be read, or is not what was written
   */
  public synchronized Optional<Json.Obj> find(Digest release) throws IOException {
    Path file = layout.recipe(release);
    try {
      Json.Obj kept = SealedFile.read(file);
      return kept.text(DIGEST).equals(Optional.of(release.toString()))
          ? Optional.of(kept)
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Keeps the recipe of a release; those that were written longest ago may go for it, but for those
   * of heads.
   *
   * @throws IOException when it is not known whether that lasts
   */
  public synchronized void keep(Digest release, Json.Obj recipe) throws IOException {
    layout.makeState();
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(DIGEST, new Json.Str(release.toString()));
    members.putAll(recipe.members());
    SealedFile.write(layout.recipe(release), new Json.Obj(members), StoreLayout.STATE_MODE);
    Set<Path> needed = heads.get().stream().map(layout::recipe).collect(toSet());
    List<Path> all = new ArrayList<>();
    try (var files = Files.newDirectoryStream(layout.recipes(), "sha256-*.json")) {
      files.forEach(all::add);
    }
    all.removeIf(needed::contains);
    all.sort(Comparator.comparing(Recipes::written).thenComparing(path -> path));
    for (Path old : all.subList(0, Math.max(0, all.size() - MOST))) {
      Files.deleteIfExists(old);
    }
  }

  private static FileTime written(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
