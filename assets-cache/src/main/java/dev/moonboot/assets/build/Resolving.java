package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.extension.ExtensionCatalog;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the tags of a composition name. Keeps what it read of images by their digests, so
 * that a composition of which nothing moved costs one HEAD for each tag, and a list of tags where
 * its base is the newest of a line.
 */
public final class Resolving {
  /** Digests that something is known of; more than are ever in use at a time. */
  private static final int REMEMBERED = 64;

  private final BaseChannels channels;
  private final RecipeSource locked;
  private final Map<Digest, ExtensionCatalog> catalogs = remembering();
  private final Map<Digest, String> versions = remembering();

  /**
   * @param locked for those that follow nothing else
   */
  public Resolving(BaseChannels channels, RecipeSource locked) {
    this.channels = channels;
    this.locked = locked;
  }

  private static <K, V> Map<K, V> remembering() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
          }
        });
  }

  /**
   * What is to be resolved.
   *
   * @param arches that a release must have
   * @param kept the image that the base stays; null for what its name means now
   */
  public record Order(
      Composition composition, List<Arch> arches, Progress progress, @Nullable Input kept) {
    public Order {
      arches = arches.stream().sorted().toList();
    }

    /** Upon what the name of its base means now. */
    public Order(Composition composition, List<Arch> arches, Progress progress) {
      this(composition, arches, progress, null);
    }
  }

  /** As a look resolves it: what follows a lock file, by that alone. */
  public Resolution resolve(Order order, InputImages images) {
    return switch (order.composition().following()) {
      case INPUTS -> anew(order, images);
      case LOCK -> locked(order);
    };
  }

  private Resolution locked(Order order) {
    return switch (locked.locked(order.composition(), order.arches())) {
      case RecipeSource.Locked.Fixed(var recipe) -> new Resolution.Fixed(recipe, List.of());
      case RecipeSource.Locked.Missing(var why) ->
          new Resolution.Not(new Refresh.Failed(Refresh.Trouble.BAD_ANSWER, why, null));
    };
  }

  /**
   * By its inputs, whatever it follows.
   *
   * @throws dev.moonboot.assets.registry.RegistryException when an input cannot be asked for; the
   *     message names it as it was written
   */
  public Resolution anew(Order order, InputImages images) {
    try {
      var read = new ReadImages(order, images, new ReadImages.Known(catalogs, versions));
      return new Resolver(order, images, channels, read).run();
    } catch (Objection e) {
      return new Resolution.Not(e.outcome());
    }
  }
}
