package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Recipe;
import java.util.List;

/**
 * Recipes that somebody has fixed, as a lock file does: for compositions that follow nothing else.
 */
@FunctionalInterface
public interface RecipeSource {
  /** Nothing is fixed. */
  RecipeSource NONE =
      (composition, _) ->
          new Locked.Missing("%s: there is no lock file".formatted(composition.name()));

  /**
   * The recipe that is fixed for a composition now. Asked at every look, so it must be quick; asks
   * no network.
   *
   * @param arches that a release must have
   */
  Locked locked(Composition composition, List<Arch> arches);

  /** What is fixed. */
  sealed interface Locked {
    /** This. */
    record Fixed(Recipe recipe) implements Locked {}

    /**
     * Nothing that can be used.
     *
     * @param why for people, with what to do
     */
    record Missing(String why) implements Locked {}
  }
}
