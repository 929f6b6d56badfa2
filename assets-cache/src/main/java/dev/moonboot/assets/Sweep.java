package dev.moonboot.assets;

import java.util.List;
import java.util.Set;

/**
 * What a sweep of the cache deleted, or would have deleted, and why the rest stays.
 *
 * @param dryRun whether nothing was changed
 * @param deleted releases that went, with what only they had
 * @param kept releases that stay
 * @param strays files of no release that went: what a crash or a failed pull left behind
 * @param postponed why nothing at all was deleted; empty when nothing stood in the way
 */
public record Sweep(
    boolean dryRun, List<Deleted> deleted, List<Kept> kept, Strays strays, String postponed) {
  public Sweep {
    deleted = List.copyOf(deleted);
    kept = List.copyOf(kept);
  }

  /**
   * A release that went.
   *
   * @param bytes that were freed, shared files counted with the first release that had them
   */
  public record Deleted(Digest release, long bytes) {}

  /**
   * A release that stays.
   *
   * @param reasons why it stays; never empty
   */
  public record Kept(Digest release, Set<Reason> reasons) {
    public Kept {
      reasons = Set.copyOf(reasons);
    }
  }

  /** Files that no release has. */
  public record Strays(int files, long bytes) {
    public static final Strays NONE = new Strays(0, 0);
  }

  /** Why a release stays. */
  public enum Reason {
    /** A followed channel names it. */
    HEAD,
    /** It was a followed channel's head not long ago: what one goes back to. */
    PREVIOUS,
    /** A profile is pinned to it. */
    PINNED,
    /** Nodes were given it in the last half hour, or are being given it. */
    SERVED,
    /** Somebody accepted that its channel goes back to it. */
    ACCEPTED,
    /** Work under way needs it. */
    IN_USE,
    /** Nothing needs it, and that is not known for long enough. */
    GRACE
  }

  /** Bytes that were freed in all. */
  public long bytes() {
    return strays.bytes() + deleted.stream().mapToLong(Deleted::bytes).sum();
  }
}
