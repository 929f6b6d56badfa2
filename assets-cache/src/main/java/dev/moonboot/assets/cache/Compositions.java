package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.build.BaseChannels;
import dev.moonboot.assets.build.BuildException;
import dev.moonboot.assets.build.Making;
import dev.moonboot.assets.build.RecipeSource;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.build.Resolving;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What compositions stand for, and what is wrong with their extensions, for who keeps no cache:
 * whatever is downloaded lies in a temporary directory until this is closed.
 */
public final class Compositions implements AutoCloseable {
  private final Path root;
  private final AssetStore store;
  private final Composing composing;

  private Compositions(Path root, AssetStore store, Composing composing) {
    this.root = root;
    this.store = store;
    this.composing = composing;
  }

  /**
   * Begins with nothing known.
   *
   * @param policy every input is judged by, before anything of it is fetched
   * @param channels that others are put upon
   * @throws CacheException when there is no temporary directory
   */
  public static Compositions open(
      RegistrySettings settings, AdmissionPolicy policy, BaseChannels channels) {
    return open(ImageAccess.of(settings), policy, channels);
  }

  static Compositions open(ImageAccess access, AdmissionPolicy policy, BaseChannels channels) {
    try {
      Path root = Files.createTempDirectory("moonboot-build-");
      AssetStore store = AssetStore.open(root.resolve("cache"), root.resolve("state"));
      return new Compositions(
          root,
          store,
          new Composing(
              store,
              new Standings(policy, List.of()),
              access,
              new Resolving(channels, RecipeSource.NONE),
              new KeyedLocks(),
              new ReentrantLock(),
              1));
    } catch (IOException e) {
      throw new CacheException("no temporary directory: " + Troubles.text(e), e);
    }
  }

  /**
   * Resolves a composition by its inputs, whatever it follows.
   *
   * @throws CacheException when an input cannot be asked for
   */
  public Resolution resolve(Composition composition, List<Arch> arches, Progress progress) {
    try (RunImages images = new RunImages(composing)) {
      images.tell(progress);
      return composing.resolving().anew(new Resolving.Order(composition, arches, progress), images);
    } catch (RegistryException e) {
      throw new CacheException("build " + composition.name() + ": " + Troubles.text(e), e);
    } catch (UncheckedIOException e) {
      throw new CacheException("build " + composition.name() + ": " + e.getCause(), e);
    }
  }

  /**
   * Pulls what a recipe is made of and looks through its extensions, without composing anything.
   *
   * @param name of the composition, for messages
   * @throws CacheException when an input cannot be had, will not do, or is not let in
   */
  public Map<Arch, Making.Looked> check(String name, Recipe recipe, Progress progress) {
    var order = new Making.Order(name, RecipeText.digest(recipe), recipe, false, 1, progress);
    try (RunImages images = new RunImages(composing);
        Ingest ingest = store.ingest(order.release())) {
      images.tell(progress);
      for (Recipe.Input input : recipe.inputs()) {
        images
            .objection(input)
            .ifPresent(objection -> {
              throw new CacheException("build " + name + ": " + objection, null);
            });
      }
      var means = new Making.Means(composing.access().composer(), composing.turn());
      return new Making(order, images, ingest.work(), means).look();
    } catch (RegistryException | ExtractException | BuildException e) {
      throw new CacheException("build " + name + ": " + Troubles.text(e), e);
    } catch (IOException | UncheckedIOException e) {
      throw new CacheException("build " + name + ": " + e, e);
    }
  }

  /** Deletes what was downloaded. */
  @Override
  public void close() {
    try {
      store.close();
    } catch (IOException e) {
      throw new CacheException("what was downloaded is still there: " + Troubles.text(e), e);
    } finally {
      Disk.tryDelete(root);
    }
  }
}
