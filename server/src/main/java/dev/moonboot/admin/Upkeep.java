package dev.moonboot.admin;

import dev.moonboot.assets.Head;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import java.util.List;
import java.util.Optional;

/** What the admin API asks of the cache of releases. */
public interface Upkeep {
  /**
   * Deletes what nothing needs any more.
   *
   * @param dryRun true to only say what would be deleted
   */
  Sweep sweep(boolean dryRun);

  /** Reads every file and compares it with its digest; takes as long as that takes. */
  Scrub scrub(Progress progress);

  /** What the channel named, newest first: its head, then former ones. */
  List<Head> history(String channel);

  /** How it stands with a channel's installer images that are put elsewhere; empty if none are. */
  default Optional<PushStatus> push(String channel) {
    return Optional.empty();
  }
}
