package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Of what releases are made that no registry knows by their digests: with this they can be made
 * again when they are lost or damaged. Kept with the state, for the cache may be deleted.
 */
public final class Recipes {
  /** Of releases that nothing here needs any more, and somebody may want again. */
  static final int MOST = 1024;

  private static final Logger LOG = System.getLogger(Recipes.class.getName());
  private static final String DIGEST = "digest";

  private final StoreLayout layout;
  private final Function<Digest, Optional<Release>> recorded;
  private final Supplier<Set<Digest>> heads;
  private final ConcurrentMap<Digest, Optional<Remade>> remade = new ConcurrentHashMap<>();
  private volatile Consumer<Remade> listener = _ -> {};
  private volatile Supplier<Set<Digest>> pinned = Set::of;

  /**
   * @param recorded releases that there is a record of, damaged or not
   * @param heads of all channels: their recipes stay
   */
  Recipes(
      StoreLayout layout,
      Function<Digest, Optional<Release>> recorded,
      Supplier<Set<Digest>> heads) {
    this.layout = layout;
    this.recorded = recorded;
    this.heads = heads;
  }

  /** Names who is told of releases that were made again with other bytes. */
  public void watch(Consumer<Remade> told) {
    listener = told;
  }

  /** Names who knows which releases are needed though no channel names them: theirs stay, too. */
  public void needed(Supplier<Set<Digest>> releases) {
    pinned = releases;
  }

  /** Whether the bytes of a release are others than when it was made first. */
  public Optional<Remade> remade(Digest release) {
    return remade.computeIfAbsent(
        release, _ -> readable(release).flatMap(kept -> MadeFiles.remade(release, kept)));
  }

  /** As {@link #find}; what is damaged says nothing, and is written anew. */
  private Optional<Json.Obj> readable(Digest release) {
    try {
      return find(release);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "state recipe=" + release + " unreadable why=\"" + e + "\"");
      return Optional.empty();
    }
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
   * Keeps the recipe of a release that was just made and is not recorded yet, and of what bytes it
   * is; see {@link #keep(Digest, Json.Obj)}. Where it was made before, of other bytes, that is
   * kept, too.
   */
  public void keep(Release made, Json.Obj recipe) throws IOException {
    Optional<Json.Obj> kept = readable(made.digest());
    MadeFiles files = MadeFiles.of(made);
    MadeFiles before = before(made.digest(), kept);
    List<String> differing = files.differing(before);
    Optional<Remade> now =
        differing.isEmpty()
            ? kept.flatMap(of -> MadeFiles.remade(made.digest(), of))
            : Optional.of(new Remade(made.digest(), made.created(), differing));
    Map<String, Json> members = new LinkedHashMap<>(recipe.members());
    members.putAll(files.over(before).json(now));
    keep(made.digest(), new Json.Obj(members));
    remade.put(made.digest(), now);
    if (!differing.isEmpty()) {
      Remade told = now.orElseThrow();
      LOG.log(
          Level.WARNING,
          "build release={0} made_again=different files=\"{1}\"",
          made.digest(),
          String.join(" ", differing));
      listener.accept(told);
    }
  }

  private MadeFiles before(Digest release, Optional<Json.Obj> kept) {
    try {
      MadeFiles before = kept.map(MadeFiles::read).orElse(MadeFiles.NONE);
      return before.digests().isEmpty()
          ? recorded.apply(release).map(MadeFiles::of).orElse(MadeFiles.NONE)
          : before;
    } catch (IllegalArgumentException e) {
      return MadeFiles.NONE;
    }
  }

  /**
   * Keeps the recipe of a release; those that were written longest ago may go for it, but for those
   * of heads, of what is needed and of what is recorded.
   *
   * @throws IOException when it is not known whether that lasts
   */
  public synchronized void keep(Digest release, Json.Obj recipe) throws IOException {
    layout.makeState();
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(DIGEST, new Json.Str(release.toString()));
    members.putAll(recipe.members());
    SealedFile.write(layout.recipe(release), new Json.Obj(members), StoreLayout.STATE_MODE);
    trim(release);
  }

  /** An Image Factory composes for whoever asks: that must not cost pins or heads their recipes. */
  private void trim(Digest newest) throws IOException {
    Set<Digest> needed = new HashSet<>(heads.get());
    needed.addAll(pinned.get());
    needed.add(newest); // the time of day may have gone back
    List<Path> rest = new ArrayList<>();
    try (var files = Files.newDirectoryStream(layout.recipes(), "sha256-*.json")) {
      files.forEach(rest::add);
    }
    rest.removeIf(file ->
        ReleaseRecord.digestOf(file)
            .filter(digest -> needed.contains(digest) || recorded.apply(digest).isPresent())
            .isPresent());
    rest.sort(Comparator.comparing(Recipes::written).thenComparing(path -> path));
    int most = MOST - 1; // besides the newest
    for (Path old : rest.subList(0, Math.max(0, rest.size() - most))) {
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
