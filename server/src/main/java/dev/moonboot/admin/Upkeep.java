package dev.moonboot.admin;

import dev.moonboot.assets.Head;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import java.util.List;

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
}
