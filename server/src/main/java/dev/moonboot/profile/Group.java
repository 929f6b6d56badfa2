package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which nodes boot which profile ({@code groups/<file>.json} of matchbox's data directory).
 *
 * <p>A group with lists of values stands for one group for each combination of them, each with that
 * exact selector. {@link Catalog#select} and {@link Catalog#matching} give the one that the node
 * matches ({@link #of}): it has no lists.
 *
 * @param file its name: the file name without {@code .json}
 * @param id as the file says; empty when it does not, and of no meaning
 * @param name for people; may be empty
 * @param profile name of the profile; empty when the file names none
 * @param selector labels that a node must have, hardware addresses in lower case with colons; an
 *     empty value also stands for an absent label
 * @param lists labels of which a node must have one of several values; other ones than those of
 *     {@code selector}, and none unless the file asks for {@link Extensions#selectorLists}
 * @param metadata data for templates
 * @param extensions what the file asks for that matchbox does not know
 */
public record Group(
    String file,
    String id,
    String name,
    String profile,
    SortedMap<String, String> selector,
    SortedMap<String, List<String>> lists,
    Json.Obj metadata,
    Extensions extensions) {
  /** How many combinations the lists of one group may have. */
  public static final int MAX_COMBINATIONS = 10_000;

  private static final SortedMap<String, List<String>> NO_LISTS = Collections.emptySortedMap();

  public Group {
    selector = SmallSortedMap.copyOf(selector);
    lists = lists.isEmpty() ? NO_LISTS : Collections.unmodifiableSortedMap(new TreeMap<>(lists));
  }

  /** One that asks for no extensions. */
  public Group(
      String file,
      String id,
      String name,
      String profile,
      SortedMap<String, String> selector,
      Json.Obj metadata) {
    this(file, id, name, profile, selector, NO_LISTS, metadata, Extensions.NONE);
  }

  /**
   * {@code key=value} pairs in order, joined with commas: by this matchbox breaks ties. Values of a
   * list are joined with bars.
   */
  public String selectorText() {
    return selectorTexts().entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** All that it selects by, for people: values of a list are joined with bars. */
  public SortedMap<String, String> selectorTexts() {
    if (lists.isEmpty()) {
      return selector;
    }
    SortedMap<String, String> texts = new TreeMap<>(selector);
    lists.forEach((key, values) -> texts.put(key, String.join("|", values)));
    return texts;
  }

  /** All that it selects by, as in its file: a string, or an array of strings for a list. */
  public Json.Obj selectorJson() {
    SortedMap<String, Json> labels = new TreeMap<>();
    selector.forEach((key, value) -> labels.put(key, new Json.Str(value)));
    lists.forEach((key, values) ->
        labels.put(key, new Json.Arr(values.stream().<Json>map(Json.Str::new).toList())));
    return new Json.Obj(labels);
  }

  /** How many labels a node must have. */
  int selectors() {
    return selector.size() + lists.size();
  }

  /** The group that this one stands for with one value out of each list. */
  Group of(Map<String, String> chosen) {
    if (lists.isEmpty()) {
      return this;
    }
    return new Group(file, id, name, profile, joined(chosen), NO_LISTS, metadata, extensions);
  }

  private SortedMap<String, String> joined(Map<String, String> chosen) {
    SortedMap<String, String> exact = new TreeMap<>(selector);
    exact.putAll(chosen);
    return exact;
  }

  /** Each exact selector that it stands for: its own, or all combinations of its lists. */
  void eachSelector(Consumer<SortedMap<String, String>> action) {
    if (lists.isEmpty()) {
      action.accept(selector);
    } else {
      combine(new ArrayList<>(lists.keySet()), new TreeMap<>(selector), action);
    }
  }

  private void combine(
      List<String> open,
      SortedMap<String, String> chosen,
      Consumer<SortedMap<String, String>> action) {
    if (open.isEmpty()) {
      action.accept(chosen);
      return;
    }
    String key = open.getFirst();
    for (String value : lists.getOrDefault(key, List.of())) {
      chosen.put(key, value);
      combine(open.subList(1, open.size()), chosen, action);
    }
  }
}
