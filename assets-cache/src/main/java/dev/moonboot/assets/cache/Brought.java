package dev.moonboot.assets.cache;

import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;

/** What bringing one image here led to. */
sealed interface Brought {
  /**
   * Its release is held, and the policy lets it in.
   *
   * @param downloaded bytes fetched for it
   */
  record Here(Release release, long downloaded) implements Brought {}

  /**
   * It is not, or not let in.
   *
   * @param outcome rejected, held or failed
   */
  record Not(Refresh outcome) implements Brought {}
}
