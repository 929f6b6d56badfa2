package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.Sweep.Reason;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Why each release is needed, found out before anything is deleted. */
final class SweepPlan {
  /** Going back must be possible twice, whatever is configured. */
  static final int LEAST_KEPT = 2;

  private final Map<Digest, EnumSet<Reason>> needed = new HashMap<>();

  /**
   * @param usable whether a release can be served; one that cannot does not count as kept
   * @param keep releases that each followed channel keeps besides its head
   */
  static SweepPlan of(
      Collection<ChannelRecord> channels, Predicate<Digest> usable, Roots roots, int keep) {
    SweepPlan plan = new SweepPlan();
    for (ChannelRecord channel : channels) {
      if (roots.channels().contains(channel.channel())) {
        plan.addHistory(channel.history(), usable, Math.max(keep, LEAST_KEPT));
        channel.accepted().forEach(digest -> plan.add(digest, Reason.ACCEPTED));
      }
    }
    roots.pinned().forEach(digest -> plan.add(digest, Reason.PINNED));
    roots.served().forEach(digest -> plan.add(digest, Reason.SERVED));
    return plan;
  }

  private void addHistory(List<Digest> newestFirst, Predicate<Digest> usable, int keep) {
    Reason reason = Reason.HEAD;
    int found = 0;
    for (Digest digest : newestFirst) {
      if (found > keep) {
        return;
      }
      add(digest, reason);
      if (usable.test(digest)) {
        found++;
      }
      reason = Reason.PREVIOUS;
    }
  }

  void add(Digest digest, Reason reason) {
    needed.computeIfAbsent(digest, _ -> EnumSet.noneOf(Reason.class)).add(reason);
  }

  /** Why that release must stay; empty when nothing needs it. */
  Set<Reason> reasons(Digest digest) {
    return needed.getOrDefault(digest, EnumSet.noneOf(Reason.class));
  }

  /** Those of {@code held} that nothing needs. */
  Set<Digest> unneeded(Collection<Digest> held) {
    Set<Digest> rest = new HashSet<>(held);
    rest.removeAll(needed.keySet());
    return rest;
  }
}
