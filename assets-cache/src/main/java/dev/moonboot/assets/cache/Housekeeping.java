package dev.moonboot.assets.cache;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.Sweep;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.SweepOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Room on the disk: what is deleted, and whether there is enough for what comes. */
final class Housekeeping {
  private static final Logger LOG = System.getLogger(Housekeeping.class.getName());

  private final AssetStore store;
  private final CacheLimits limits;
  private final InstantSource clock;
  private final Consumer<Digest> gone;
  private volatile @Nullable Supplier<Roots> roots;

  /**
   * @param gone told of each release that was deleted
   */
  Housekeeping(AssetStore store, CacheLimits limits, InstantSource clock, Consumer<Digest> gone) {
    this.store = store;
    this.limits = limits;
    this.clock = clock;
    this.gone = gone;
  }

  CacheLimits limits() {
    return limits;
  }

  void roots(Supplier<Roots> supplier) {
    roots = supplier;
    store.recipes().needed(() -> supplier.get().pinned());
  }

  /** As {@link AssetCache#sweep}. */
  Sweep sweep(boolean dryRun) throws IOException {
    Supplier<Roots> known = roots;
    if (known == null) {
      return new Sweep(
          dryRun, List.of(), List.of(), Sweep.Strays.NONE, "nobody has said what is needed");
    }
    Sweep sweep = store.sweep(new SweepOrder(known.get(), limits.keep(), dryRun, clock.instant()));
    if (!dryRun) {
      sweep.deleted().forEach(deleted -> gone.accept(deleted.release()));
    }
    return sweep;
  }

  /** Sweeps where nobody waits for what it comes to. */
  void sweep() {
    try {
      Sweep sweep = sweep(false);
      sweep
          .deleted()
          .forEach(gone ->
              LOG.log(
                  Level.INFO,
                  "cache release={0} state=deleted bytes={1}",
                  gone.release(),
                  Long.toString(gone.bytes())));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cache sweep=incomplete why=\"" + e + "\"");
    }
  }

  /**
   * Sees to it that so many bytes can be written.
   *
   * @throws UncheckedIOException (of a {@link NoRoomException}) when there is no room for them,
   *     even without what nothing needs
   */
  void needRoom(long bytes) {
    try {
      if (missing(bytes) != null) {
        sweep();
        store.makeRoom();
      }
      String missing = missing(bytes);
      if (missing != null) {
        throw new NoRoomException(missing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why there is no room; null when there is. */
  private @Nullable String missing(long bytes) throws IOException {
    long needed = CacheLimits.onDisk(bytes);
    long usable = store.usableSpace();
    if (usable < needed + limits.reserve()) {
      return ("%d MiB are needed (%d MiB of them as a reserve) and %d MiB are free: make room on the"
              + " disk")
          .formatted(
              mebibytes(needed + limits.reserve()), mebibytes(limits.reserve()), usable >> 20);
    }
    if (limits.quota() == CacheLimits.UNLIMITED) {
      return null;
    }
    long used = store.usedSpace();
    return used + needed <= limits.quota()
        ? null
        : ("%d MiB are needed and the cache has %d of the %d MiB that it may take (cache-quota);"
                + " what it has is all needed, or was so within the last hour: raise cache-quota, or"
                + " keep less (pins, follow.keep)")
            .formatted(mebibytes(needed), mebibytes(used), limits.quota() >> 20);
  }

  /** Rounded up: 0 would not be the reason for anything. */
  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
