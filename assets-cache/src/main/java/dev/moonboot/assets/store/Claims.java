package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What work under way needs, so that no sweep takes it away. Changes wait for one another and for
 * whoever has the store's monitor.
 */
final class Claims {
  private final Object monitor;
  private final Set<Digest> claimed = new HashSet<>();
  private final Map<Digest, Integer> held = new HashMap<>();
  private final Map<Digest, Integer> leased = new HashMap<>();

  /**
   * @param monitor of the store
   */
  Claims(Object monitor) {
    this.monitor = monitor;
  }

  /**
   * Work on that image begins.
   *
   * @throws StoreException (IN_USE) when work on it is under way already
   */
  void claim(Digest image) throws StoreException {
    synchronized (monitor) {
      if (!claimed.add(image)) {
        throw new StoreException(
            StoreException.Reason.IN_USE, "work on " + image + " is under way already");
      }
    }
  }

  /** Work on it has ended, and needs the blobs of {@code holder} no more. */
  void unclaim(Digest image, List<Digest> holder) {
    synchronized (monitor) {
      claimed.remove(image);
      for (Digest blob : holder) {
        held.computeIfPresent(blob, (_, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /** Work under way needs a blob, and remembers that in {@code holder}. */
  void hold(Digest blob, List<Digest> holder) {
    synchronized (monitor) {
      held.merge(blob, 1, Integer::sum);
      holder.add(blob);
    }
  }

  /** A release is needed, held already or not yet, until the result is closed. */
  AssetStore.Lease lease(Digest release) {
    synchronized (monitor) {
      leased.merge(release, 1, Integer::sum);
    }
    return () -> {
      synchronized (monitor) {
        leased.computeIfPresent(release, (_, count) -> count == 1 ? null : count - 1);
      }
    };
  }

  /** Runs {@code action} while nobody works on that image, or not at all. */
  void whileUnclaimed(Digest image, Runnable action) {
    synchronized (monitor) {
      if (!claimed.contains(image)) {
        action.run();
      }
    }
  }

  /** For whoever has the monitor. */
  boolean isHeld(Digest blob) {
    return held.containsKey(blob);
  }

  /** Whether other work needs it than that of {@code holder}. For whoever has the monitor. */
  boolean isHeldElsewhere(Digest blob, List<Digest> holder) {
    return held.getOrDefault(blob, 0) > Collections.frequency(holder, blob);
  }

  /**
   * Whether anybody works on a release, has a lease on it, or needs one of its blobs. For whoever
   * has the monitor.
   */
  boolean needs(Release release) {
    return claimed.contains(release.digest())
        || leased.containsKey(release.digest())
        || Holdings.blobsOf(release).anyMatch(held::containsKey);
  }
}
