package dev.moonboot.profile;

import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.NearMiss.Mismatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Finds the groups that a node nearly matches, by looking at all of them: for people only. */
final class NearMisses {
  private NearMisses() {}

  /** The groups that match, best first: the first one wins. */
  static List<Group> matching(List<Group> ordered, NodeLabels labels, int most) {
    return ordered.stream()
        .filter(group -> mismatches(group, labels).isEmpty())
        .limit(most)
        .toList();
  }

  /** The groups that do not match, those with the fewest mismatches first; then as they rank. */
  static List<NearMiss> nearest(List<Group> ordered, NodeLabels labels, int most) {
    record Ranked(NearMiss miss, int rank) {}
    Comparator<Ranked> nearest =
        Comparator.comparingInt((Ranked r) -> r.miss().mismatches().size())
            .thenComparingInt(Ranked::rank);
    PriorityQueue<Ranked> best = new PriorityQueue<>(nearest.reversed());
    for (int rank = 0; rank < ordered.size(); rank++) {
      List<Mismatch> mismatches = mismatches(ordered.get(rank), labels);
      if (!mismatches.isEmpty()) {
        best.add(new Ranked(new NearMiss(ordered.get(rank), mismatches), rank));
        if (best.size() > most) {
          best.poll();
        }
      }
    }
    return best.stream().sorted(nearest).map(Ranked::miss).toList();
  }

  private static List<Mismatch> mismatches(Group group, NodeLabels labels) {
    List<Mismatch> mismatches = new ArrayList<>();
    group
        .selector()
        .forEach((label, wanted) -> {
          String sent = labels.value(label);
          if (!sent.equals(wanted)) {
            mismatches.add(new Mismatch(label, wanted, sent));
          }
        });
    return mismatches;
  }
}
