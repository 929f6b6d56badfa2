package dev.moonboot.assets.cache;

import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.BaseChannels;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.build.Resolving;
import dev.moonboot.assets.registry.ImageReferences;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.files.BrokenFileException;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * What all runs that compose share: what is known of images, who may work, and what this cache
 * holds for them.
 *
 * @param locks on digests of images and layers
 * @param needRoom told how many bytes are about to be written; throws when there is no room
 * @param turn of whoever composes
 */
record Composing(
    AssetStore store,
    Standings standings,
    ImageAccess access,
    Resolving resolving,
    KeyedLocks locks,
    LongConsumer needRoom,
    ReentrantLock turn,
    int threads) {
  private static final Logger LOG = System.getLogger(Composing.class.getName());
  private static final String FACTORY = "factory:";

  static Composing of(
      AssetStore store,
      Standings standings,
      ImageAccess access,
      BuildSettings settings,
      KeyedLocks locks,
      LongConsumer needRoom) {
    BaseChannels heads = channel -> head(store, standings, channel);
    return new Composing(
        store,
        standings,
        access,
        new Resolving(heads, settings.locked()),
        locks,
        needRoom,
        new ReentrantLock(),
        settings.threads());
  }

  private static Optional<BaseChannels.Head> head(
      AssetStore store, Standings standings, String channel) {
    boolean isThere = store.head(channel).flatMap(store::release).isPresent();
    if (!isThere) { // what was before it is not to come back for as long as it is fetched again
      return Optional.empty();
    }
    return store.releases(channel).stream()
        .filter(release -> release.content() == Content.BOOT)
        .filter(standings::isTrusted)
        .findFirst()
        .flatMap(release -> head(store, release));
  }

  private static Optional<BaseChannels.Head> head(AssetStore store, Release release) {
    String source = release.source();
    ImageReference image =
        source.startsWith(Origins.COMPOSED) || source.startsWith(FACTORY)
            ? new ImageReference(new SourceImage.Factory(source, ""), null, null)
            : ImageReferences.parse(source);
    Recipe recipe = null;
    if (source.startsWith(Origins.COMPOSED)) {
      Optional<Recipe> known = recipe(store, release.digest());
      if (known.isEmpty()) {
        return Optional.empty(); // it is made anew at the next look of its own channel
      }
      recipe = known.get();
    }
    return Optional.of(new BaseChannels.Head(image, release.digest(), release.version(), recipe));
  }

  /**
   * Keeps the recipe of a release that is held, where it was lost with the state: without it
   * nothing can be put upon the release, and it cannot be made again.
   */
  void keepKnown(Resolution.Fixed recipe) {
    try {
      Optional<Release> held = store.release(recipe.digest());
      if (held.isPresent() && kept(store, recipe.digest()).isEmpty()) {
        store.recipes().keep(held.get(), ComposedOrigin.kept(recipe));
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(
          Level.WARNING,
          "cache release={0} recipe=unwritten why=\"{1}\"",
          recipe.digest(),
          Troubles.text(e));
    }
  }

  /** The recipe of a release, as far as it is kept. */
  static Optional<Recipe> recipe(AssetStore store, Digest release) {
    return kept(store, release).map(RecipeText::read);
  }

  /** What is kept of a recipe; empty when it is not, or cannot be used any more. */
  static Optional<Json.Obj> kept(AssetStore store, Digest release) {
    try {
      Optional<Json.Obj> kept =
          store.recipes().find(release).filter(of -> of.text(Factories.ASKED).isEmpty());
      return kept.isPresent() && RecipeText.digest(RecipeText.read(kept.get())).equals(release)
          ? kept
          : Optional.empty();
    } catch (IllegalArgumentException | BrokenFileException e) {
      LOG.log(
          Level.WARNING,
          "cache release={0} recipe=unusable why=\"{1}\"",
          release,
          Troubles.text(e));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
