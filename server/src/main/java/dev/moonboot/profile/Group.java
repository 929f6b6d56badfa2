package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which nodes boot which profile ({@code groups/<file>.json} of matchbox's data directory).
 *
 * @param file its name: the file name without {@code .json}
 * @param id as the file says; empty when it does not, and of no meaning
 * @param name for people; may be empty
 * @param profile name of the profile; empty when the file names none
 * @param selector labels that a node must have, hardware addresses in lower case with colons; an
 *     empty value also stands for an absent label
 * @param metadata data for templates
 */
public record Group(
    String file,
    String id,
    String name,
    String profile,
    SortedMap<String, String> selector,
    Json.Obj metadata) {
  public Group {
    selector = Collections.unmodifiableSortedMap(new TreeMap<>(selector));
  }

  /** {@code key=value} pairs in order, joined with commas: by this matchbox breaks ties. */
  public String selectorText() {
    return selector.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .sorted()
        .collect(Collectors.joining(","));
  }
}
