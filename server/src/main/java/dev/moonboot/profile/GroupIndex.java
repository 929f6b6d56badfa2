package dev.moonboot.profile;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import dev.moonboot.node.NodeLabels;
import dev.moonboot.template.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best group for a node without looking at all of them. Immutable: {@link #with} and
 * {@link #without} give another one at the cost of one group.
 *
 * <p>Groups whose selectors have the same keys form a shape, in which a group is found by one hash
 * look-up of the node's values for those keys. A shape is only looked at when the node has a label
 * of the shape's anchor: the rarest of its keys when its first group came. So a look-up costs about
 * as much as the node has labels, whether the groups name a million addresses or a thousand
 * different keys.
 */
final class GroupIndex {
  /** No groups. */
  static final GroupIndex EMPTY =
      new GroupIndex(
          HashTrie.of(Slot::exact), HashTrie.of(Shape::keys), HashTrie.of(Anchored::key));

  /** Best first: most selectors, then largest selector text by bytes, then smallest file name. */
  static final Comparator<Group> BEST =
      comparingInt(Group::selectors)
          .thenComparing(Group::selectorText, Value::compareAsUtf8)
          .reversed()
          .thenComparing(GroupIndex::fileName, Value::compareAsUtf8);

  /** The keys that have a value, and those that must be empty or absent; both in order. */
  private record Keys(List<String> valued, List<String> empty) {
    static Keys of(SortedMap<String, String> selector) {
      List<String> valued = new ArrayList<>();
      List<String> empty = new ArrayList<>();
      selector.forEach((key, value) -> (value.isEmpty() ? empty : valued).add(key));
      return new Keys(List.copyOf(valued), List.copyOf(empty));
    }

    /** What a group of these keys must have for values; null when it is none that matches. */
    @Nullable Exact exact(NodeLabels labels) {
      for (String key : empty) {
        if (!labels.value(key).isEmpty()) {
          return null;
        }
      }
      String[] values = new String[valued.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = labels.value(valued.get(i));
      }
      return new Exact(this, List.of(values));
    }
  }

  /** A whole selector: the values stand in the order of the keys that have one. */
  private record Exact(Keys keys, List<String> values) {
    Map<String, String> selector() {
      Map<String, String> selector = new TreeMap<>();
      for (int i = 0; i < values.size(); i++) {
        selector.put(keys.valued().get(i), values.get(i));
      }
      keys.empty().forEach(key -> selector.put(key, ""));
      return selector;
    }
  }

  /** The groups of one selector, that with the smallest file name first; at least one. */
  private record Slot(Exact exact, List<Group> groups) {
    Group best() {
      Group first = groups.getFirst();
      return first.lists().isEmpty() ? first : first.of(exact.selector());
    }

    private List<Group> others(String file) {
      return groups.stream().filter(group -> !group.file().equals(file)).toList();
    }
  }

  /**
   * How many selectors have the same keys.
   *
   * @param anchor null when no key has a value, so that the shape is always looked at
   */
  private record Shape(Keys keys, @Nullable String anchor, int selectors) {}

  /** What there is about a label that shapes name. */
  private record Anchored(String key, int shapes, List<Keys> anchoring) {}

  /** Stands for the anchor of shapes that have none; no label is called so. */
  private static final String ALWAYS = "\0";

  private final HashTrie<Exact, Slot> slots;
  private final HashTrie<Keys, Shape> shapes;
  private final HashTrie<String, Anchored> labels;

  private GroupIndex(
      HashTrie<Exact, Slot> slots,
      HashTrie<Keys, Shape> shapes,
      HashTrie<String, Anchored> labels) {
    this.slots = slots;
    this.shapes = shapes;
    this.labels = labels;
  }

  Optional<Group> best(NodeLabels node) {
    Group best = best(ALWAYS, node, null);
    for (String key : node.all().keySet()) {
      best = best(key, node, best);
    }
    return Optional.ofNullable(best);
  }

  private @Nullable Group best(String anchor, NodeLabels node, @Nullable Group best) {
    Anchored anchored = labels.find(anchor);
    if (anchored == null) {
      return best;
    }
    Group found = best;
    for (Keys keys : anchored.anchoring()) {
      Exact exact = keys.exact(node);
      Slot slot = exact == null ? null : slots.find(exact);
      if (slot != null) {
        Group group = slot.best();
        found = found == null || BEST.compare(group, found) < 0 ? group : found;
      }
    }
    return found;
  }

  /** With that group, which must not be in it. */
  GroupIndex with(Group group) {
    GroupIndex[] index = {this};
    group.eachSelector(selector -> index[0] = index[0].with(group, selector));
    return index[0];
  }

  /** Without that group, which must be in it. */
  GroupIndex without(Group group) {
    GroupIndex[] index = {this};
    group.eachSelector(selector -> index[0] = index[0].without(group, selector));
    return index[0];
  }

  private GroupIndex with(Group group, SortedMap<String, String> selector) {
    Exact exact = exact(selector);
    Slot slot = slots.find(exact);
    if (slot != null) {
      List<Group> groups = new ArrayList<>(slot.groups());
      groups.add(group);
      groups.sort(comparing(GroupIndex::fileName, Value::compareAsUtf8));
      return new GroupIndex(
          slots.with(new Slot(slot.exact(), List.copyOf(groups))), shapes, labels);
    }
    var added = slots.with(new Slot(exact, List.of(group)));
    Shape shape = shapes.find(exact.keys());
    if (shape != null) {
      return new GroupIndex(
          added,
          shapes.with(new Shape(shape.keys(), shape.anchor(), shape.selectors() + 1)),
          labels);
    }
    return new GroupIndex(added, shapes, labels).withShape(exact.keys());
  }

  private GroupIndex without(Group group, SortedMap<String, String> selector) {
    Exact exact = exact(selector);
    Slot slot = slots.find(exact);
    if (slot == null) {
      return this;
    }
    List<Group> others = slot.others(group.file());
    if (!others.isEmpty()) {
      return new GroupIndex(slots.with(new Slot(slot.exact(), others)), shapes, labels);
    }
    var removed = slots.without(exact);
    Shape shape = shapes.find(exact.keys());
    if (shape == null || shape.selectors() == 1) {
      return new GroupIndex(removed, shapes, labels).withoutShape(exact.keys());
    }
    return new GroupIndex(
        removed,
        shapes.with(new Shape(shape.keys(), shape.anchor(), shape.selectors() - 1)),
        labels);
  }

  /** The selector, with the keys that the others of its shape have. */
  private Exact exact(SortedMap<String, String> selector) {
    Keys keys = Keys.of(selector);
    Shape shape = shapes.find(keys);
    List<String> values =
        keys.valued().stream().map(key -> selector.getOrDefault(key, "")).toList();
    return new Exact(shape == null ? keys : shape.keys(), List.copyOf(values));
  }

  private GroupIndex withShape(Keys keys) {
    String anchor =
        keys.valued().stream().min(comparingInt(key -> about(key).shapes())).orElse(null);
    var known = labels;
    for (String key : keys.valued()) {
      Anchored about = about(key);
      known = known.with(new Anchored(key, about.shapes() + 1, about.anchoring()));
    }
    var shaped = shapes.with(new Shape(keys, anchor, 1));
    return new GroupIndex(slots, shaped, known).anchoring(keys, anchor, true);
  }

  private GroupIndex withoutShape(Keys keys) {
    Shape shape = shapes.find(keys);
    String anchor = shape == null ? null : shape.anchor();
    GroupIndex loose = anchoring(keys, anchor, false);
    var known = loose.labels;
    for (String key : keys.valued()) {
      Anchored about = loose.about(key);
      known =
          about.shapes() <= 1
              ? known.without(key)
              : known.with(new Anchored(key, about.shapes() - 1, about.anchoring()));
    }
    return new GroupIndex(slots, shapes.without(keys), known);
  }

  private GroupIndex anchoring(Keys keys, @Nullable String anchor, boolean add) {
    Anchored about = about(anchor == null ? ALWAYS : anchor);
    List<Keys> anchoring = new ArrayList<>(about.anchoring());
    anchoring.remove(keys);
    if (add) {
      anchoring.add(keys);
    }
    Anchored changed = new Anchored(about.key(), about.shapes(), List.copyOf(anchoring));
    return new GroupIndex(slots, shapes, labels.with(changed));
  }

  private Anchored about(String key) {
    Anchored about = labels.find(key);
    return about == null ? new Anchored(key, 0, List.of()) : about;
  }

  private static String fileName(Group group) {
    return group.file() + DataFolder.EXTENSION;
  }
}
