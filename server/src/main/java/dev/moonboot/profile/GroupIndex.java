package dev.moonboot.profile;

import static java.util.Comparator.comparingInt;

import dev.moonboot.node.NodeLabels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the best group for a node without looking at all of them.
 *
 * <p>Groups whose selectors have the same keys form a shape, in which a group is found by one hash
 * look-up of the node's values for those keys. A shape is only looked at when the node has a label
 * of the shape's anchor: its rarest key. So a look-up costs about as much as the node has labels,
 * whether the groups name a million addresses or a thousand different keys.
 */
final class GroupIndex {
  /** The keys that have a value, and those that must be empty or absent; both in order. */
  private record Keys(List<String> valued, List<String> empty) {
    static Keys of(Group group) {
      List<String> valued = new ArrayList<>();
      List<String> empty = new ArrayList<>();
      group.selector().forEach((key, value) -> (value.isEmpty() ? empty : valued).add(key));
      return new Keys(valued, empty);
    }
  }

  /** Groups of the same keys: their values, in the order of the keys, to the group's rank. */
  private record Shape(Keys keys, Map<List<String>, Integer> ranks) {
    int rank(NodeLabels labels) {
      for (String key : keys.empty()) {
        if (!labels.value(key).isEmpty()) {
          return NO_RANK;
        }
      }
      String[] values = new String[keys.valued().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = labels.value(keys.valued().get(i));
      }
      return ranks.getOrDefault(List.of(values), NO_RANK);
    }
  }

  private static final int NO_RANK = Integer.MAX_VALUE;

  private final List<Group> ordered;
  private final List<Shape> always = new ArrayList<>();
  private final Map<String, List<Shape>> byAnchor = new HashMap<>();

  /**
   * @param ordered as {@link #ordered} gives them
   */
  GroupIndex(List<Group> ordered) {
    this.ordered = ordered;
    Map<Keys, Shape> shapes = new LinkedHashMap<>();
    for (int rank = 0; rank < ordered.size(); rank++) {
      Group group = ordered.get(rank);
      Keys keys = Keys.of(group);
      List<String> values =
          keys.valued().stream().map(key -> group.selector().getOrDefault(key, "")).toList();
      shapes
          .computeIfAbsent(keys, k -> new Shape(k, new HashMap<>()))
          .ranks()
          .putIfAbsent(values, rank);
    }
    anchor(shapes.values());
  }

  private void anchor(Collection<Shape> shapes) {
    Map<String, Integer> uses = new HashMap<>();
    shapes.forEach(shape -> shape.keys().valued().forEach(key -> uses.merge(key, 1, Integer::sum)));
    for (Shape shape : shapes) {
      shape.keys().valued().stream()
          .min(comparingInt(key -> uses.getOrDefault(key, 0)))
          .map(anchor -> byAnchor.computeIfAbsent(anchor, k -> new ArrayList<>()))
          .orElse(always)
          .add(shape);
    }
  }

  /** Best first: most selectors, then largest selector text by bytes, then smallest file name. */
  static List<Group> ordered(Collection<Group> groups) {
    record Ranked(Group group, String selector, String file) {}
    Comparator<Ranked> best =
        comparingInt((Ranked r) -> r.group().selector().size())
            .thenComparing(Ranked::selector, GroupIndex::compareAsUtf8)
            .reversed()
            .thenComparing(Ranked::file, GroupIndex::compareAsUtf8);
    return groups.stream()
        .map(group -> new Ranked(group, group.selectorText(), group.file() + ".json"))
        .sorted(best)
        .map(Ranked::group)
        .toList();
  }

  /** By the bytes of their UTF-8, which is by code point; Java compares by UTF-16 units. */
  static int compareAsUtf8(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean sameKind = Character.isSurrogate(x) == Character.isSurrogate(y);
        return sameKind ? x - y : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  Optional<Group> best(NodeLabels labels) {
    int best = best(always, labels, NO_RANK);
    for (String key : labels.all().keySet()) {
      best = best(byAnchor.getOrDefault(key, List.of()), labels, best);
    }
    return best == NO_RANK ? Optional.empty() : Optional.of(ordered.get(best));
  }

  private static int best(List<Shape> shapes, NodeLabels labels, int best) {
    for (Shape shape : shapes) {
      best = Math.min(best, shape.rank(labels));
    }
    return best;
  }
}
