package dev.moonboot.profile;

import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.NearMiss.Mismatch;
import dev.moonboot.template.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the groups that a node nearly matches, by looking at all of them: for people only. */
final class NearMisses {
  /** A group with what it is ranked by, which takes longer to make than to compare. */
  private record Ranked(Group group, int selectors, String text, String file) {
    static final Comparator<Ranked> BEST =
        Comparator.comparingInt(Ranked::selectors)
            .thenComparing(Ranked::text, Value::compareAsUtf8)
            .reversed()
            .thenComparing(Ranked::file, Value::compareAsUtf8);

    static Ranked of(Group group) {
      return new Ranked(
          group, group.selectors(), group.selectorText(), group.file() + DataFolder.EXTENSION);
    }
  }

  private NearMisses() {}

  /** Best first. */
  static List<Group> ordered(Collection<Group> groups) {
    return groups.stream().map(Ranked::of).sorted(Ranked.BEST).map(Ranked::group).toList();
  }

  /** The groups that match, best first: the first one wins. */
  static List<Group> matching(Collection<Group> groups, NodeLabels labels, int most) {
    return groups.stream()
        .filter(group -> mismatches(group, labels).isEmpty())
        .map(group -> group.of(chosen(group, labels)))
        .map(Ranked::of)
        .sorted(Ranked.BEST)
        .limit(most)
        .map(Ranked::group)
        .toList();
  }

  private static SortedMap<String, String> chosen(Group group, NodeLabels labels) {
    SortedMap<String, String> chosen = new TreeMap<>();
    group.lists().keySet().forEach(label -> chosen.put(label, labels.value(label)));
    return chosen;
  }

  /** The groups that do not match, those with the fewest mismatches first; then as they rank. */
  static List<NearMiss> nearest(Collection<Group> groups, NodeLabels labels, int most) {
    record Near(NearMiss miss, int mismatches, Ranked rank) {}
    Comparator<Near> nearest =
        Comparator.comparingInt(Near::mismatches).thenComparing(Near::rank, Ranked.BEST);
    PriorityQueue<Near> best = new PriorityQueue<>(nearest.reversed());
    for (Group group : groups) {
      List<Mismatch> mismatches = mismatches(group, labels);
      if (!mismatches.isEmpty()) {
        best.add(new Near(new NearMiss(group, mismatches), mismatches.size(), Ranked.of(group)));
        if (best.size() > most) {
          best.poll();
        }
      }
    }
    return best.stream().sorted(nearest).map(Near::miss).toList();
  }

  private static List<Mismatch> mismatches(Group group, NodeLabels labels) {
    SortedMap<String, Mismatch> mismatches = new TreeMap<>();
    group
        .selector()
        .forEach((label, wanted) -> {
          String sent = labels.value(label);
          if (!sent.equals(wanted)) {
            mismatches.put(label, new Mismatch(label, wanted, sent));
          }
        });
    group
        .lists()
        .forEach((label, wanted) -> {
          String sent = labels.value(label);
          if (!wanted.contains(sent)) {
            mismatches.put(label, new Mismatch(label, String.join("|", wanted), sent));
          }
        });
    return new ArrayList<>(mismatches.values());
  }
}
