package dev.moonboot.assets.cache;

import dev.moonboot.assets.build.RecipeSource;

/**
 * How releases are composed.
 *
 * @param locked what is fixed for compositions that follow a lock file
 * @param threads that one composing may take at once, at least 1
 */
public record BuildSettings(RecipeSource locked, int threads) {
  /** Nothing is fixed, and all processors may be taken. */
  public static final BuildSettings DEFAULT =
      new BuildSettings(RecipeSource.NONE, Runtime.getRuntime().availableProcessors());
}
