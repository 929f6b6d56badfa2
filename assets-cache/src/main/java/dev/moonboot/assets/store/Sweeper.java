package dev.moonboot.assets.store;

import static java.util.stream.Collectors.toSet;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Sweep;
import dev.moonboot.assets.Sweep.Deleted;
import dev.moonboot.assets.Sweep.Kept;
import dev.moonboot.assets.Sweep.Reason;
import dev.moonboot.assets.Sweep.Strays;
import dev.moonboot.assets.WallClock;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Deletes what nothing needs, and never at once: see {@link Ripening}. */
final class Sweeper {
  private final StoreContents contents;
  private final StoreLayout layout;
  private final boolean sure;
  private final Ripening releases = new Ripening();
  private final Ripening strays = new Ripening();

  /**
   * @param sure whether all records could be read, so that a blob in none of them is unneeded
   */
  Sweeper(StoreContents contents, StoreLayout layout, boolean sure) {
    this.contents = contents;
    this.layout = layout;
    this.sure = sure;
  }

  /** As {@link AssetStore#sweep}; nothing else changes meanwhile. */
  Sweep sweep(SweepOrder order, long nanoTime) throws IOException {
    Set<Digest> damaged = contents.doubts().releases().keySet();
    try {
      synchronized (contents.monitor()) {
        List<Release> recorded = contents.recorded();
        return sweep(plan(order, recorded), recorded, order, nanoTime);
      }
    } finally {
      if (!contents.doubts().releases().keySet().containsAll(damaged)) {
        contents.news().tell(Set.of()); // what is gone is not damaged any more
      }
    }
  }

  private SweepPlan plan(SweepOrder order, Collection<Release> recorded) {
    Holdings now = contents.holdings();
    SweepPlan plan =
        SweepPlan.of(
            now.channels().values(), now.releases()::containsKey, order.roots(), order.keep());
    recorded.stream()
        .filter(contents.claims()::needs)
        .forEach(release -> plan.add(release.digest(), Reason.IN_USE));
    return plan;
  }

  private Sweep sweep(SweepPlan plan, Collection<Release> recorded, SweepOrder order, long nanoTime)
      throws IOException {
    boolean unset = WallClock.isUnset(order.now());
    Set<Digest> unneeded = plan.unneeded(recorded.stream().map(Release::digest).toList());
    Set<Digest> ripe = unset ? Set.of() : releases.ripe(unneeded, nanoTime);
    Map<Digest, Long> lost = sure ? lost(recorded) : Map.of();
    Set<Digest> ripeStrays = unset ? Set.of() : strays.ripe(lost.keySet(), nanoTime);
    Map<Digest, List<Asset>> own = own(recorded, ripe);
    Sweep sweep =
        new Sweep(
            order.dryRun(),
            own.entrySet().stream().map(e -> new Deleted(e.getKey(), bytes(e.getValue()))).toList(),
            kept(plan, recorded, ripe),
            new Strays(
                ripeStrays.size(),
                ripeStrays.stream().mapToLong(blob -> lost.getOrDefault(blob, 0L)).sum()),
            unset ? "the clock says " + order.now() + ", which is before this was built" : "");
    if (!order.dryRun()) {
      releases.remember(unneeded, nanoTime);
      strays.remember(lost.keySet(), nanoTime);
      delete(recorded, own, ripeStrays);
    }
    return sweep;
  }

  /** The release, if it can be served. Nobody needs it perhaps, and that is so from now on only. */
  Optional<Release> renewed(Digest release) {
    synchronized (contents.monitor()) {
      releases.forget(release);
      return contents.release(release);
    }
  }

  private static List<Kept> kept(SweepPlan plan, Collection<Release> recorded, Set<Digest> ripe) {
    List<Kept> kept = new ArrayList<>();
    for (Release release : recorded) {
      if (!ripe.contains(release.digest())) {
        Set<Reason> reasons = plan.reasons(release.digest());
        kept.add(
            new Kept(release.digest(), reasons.isEmpty() ? EnumSet.of(Reason.GRACE) : reasons));
      }
    }
    return kept;
  }

  /** What goes with each release that goes; shared blobs with the first of them. */
  private static Map<Digest, List<Asset>> own(Collection<Release> recorded, Set<Digest> ripe) {
    Set<Digest> taken =
        recorded.stream()
            .filter(release -> !ripe.contains(release.digest()))
            .flatMap(Holdings::blobsOf)
            .collect(toSet());
    Map<Digest, List<Asset>> own = new HashMap<>();
    for (Release release : recorded) {
      if (ripe.contains(release.digest())) {
        own.put(
            release.digest(),
            release.builds().values().stream()
                .flatMap(build -> build.assets().values().stream())
                .filter(asset -> taken.add(asset.digest()))
                .toList());
      }
    }
    return own;
  }

  private static long bytes(List<Asset> assets) {
    return assets.stream().mapToLong(Asset::size).sum();
  }

  /** Blobs of no release and of no work under way, with their sizes. */
  private Map<Digest, Long> lost(Collection<Release> recorded) throws IOException {
    Set<Digest> needed = recorded.stream().flatMap(Holdings::blobsOf).collect(toSet());
    Map<Digest, Long> lost = new HashMap<>();
    try (var files = Files.newDirectoryStream(layout.blobs())) {
      for (Path file : files) {
        Digest digest = StoreLayout.digestOf(file).orElse(null);
        if (digest != null && !needed.contains(digest) && !contents.claims().isHeld(digest)) {
          lost.put(digest, Files.size(file));
        }
      }
    }
    return lost;
  }

  /** Records first, and for good: a record must never outlive its blobs. */
  private void delete(
      Collection<Release> recorded, Map<Digest, List<Asset>> own, Set<Digest> ripeStrays)
      throws IOException {
    if (own.isEmpty() && ripeStrays.isEmpty()) {
      return;
    }
    contents.forget(own.keySet());
    Set<Digest> gone = new HashSet<>();
    try {
      for (Digest digest : own.keySet()) {
        Files.deleteIfExists(layout.release(digest));
        gone.add(digest);
      }
    } finally {
      recorded.stream()
          .filter(release -> own.containsKey(release.digest()) && !gone.contains(release.digest()))
          .forEach(contents::keep);
    }
    Disk.syncDirectory(layout.releases());
    for (List<Asset> assets : own.values()) {
      for (Asset asset : assets) {
        Files.deleteIfExists(asset.file());
      }
    }
    for (Digest stray : ripeStrays) {
      Files.deleteIfExists(layout.blob(stray));
    }
  }
}
