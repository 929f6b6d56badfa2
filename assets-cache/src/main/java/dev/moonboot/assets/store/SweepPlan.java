package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a sweep will do, found out before anything is done.
 *
 * @param channels the records of those whose history gets shorter
 * @param releases to be deleted
 * @param left what is held afterwards
 */
record SweepPlan(List<ChannelRecord> channels, Set<Digest> releases, Holdings left) {
  /**
   * @param keep releases that each channel keeps besides its head
   * @param mayGo whether a release that nothing keeps may be deleted now
   */
  static SweepPlan of(Holdings holdings, int keep, Predicate<Digest> mayGo) {
    List<ChannelRecord> shorter = new ArrayList<>();
    Holdings trimmed = holdings;
    for (ChannelRecord channel : holdings.channels().values()) {
      List<Digest> history = new ArrayList<>(channel.history());
      while (history.size() > 1 + keep && mayGo.test(history.getLast())) {
        history.removeLast();
      }
      if (history.size() < channel.history().size()) {
        ChannelRecord next = channel.next(history);
        shorter.add(next);
        trimmed = trimmed.with(next);
      }
    }
    Set<Digest> gone = new HashSet<>(holdings.releases().keySet());
    gone.removeAll(trimmed.inAnyHistory());
    gone.removeIf(mayGo.negate());
    return new SweepPlan(shorter, gone, trimmed.without(gone::contains));
  }

  /** The blobs that only the deleted releases had. */
  Set<Digest> blobs(Holdings before) {
    Set<Digest> needed = left.blobs();
    return before.releases().values().stream()
        .filter(release -> releases.contains(release.digest()))
        .flatMap(Holdings::blobsOf)
        .filter(blob -> !needed.contains(blob))
        .collect(Collectors.toSet());
  }
}
