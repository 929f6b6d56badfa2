package dev.moonboot.assets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kernel arguments by key, as Talos's imager puts them together (siderolabs/go-procfs): the values
 * of one key stand side by side where its first one stood.
 */
public final class KernelArguments {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  /** The arguments of one or more lines, one blank or more between each. */
  public static KernelArguments of(List<String> lines) {
    KernelArguments arguments = new KernelArguments();
    words(lines).forEach(word -> arguments.add(key(word), value(word)));
    return arguments;
  }

  /** Puts each behind what its key has already. */
  public KernelArguments append(List<String> lines) {
    words(lines).forEach(word -> add(key(word), value(word)));
    return this;
  }

  /** Puts each in the place of all that its key has. */
  public KernelArguments set(List<String> lines) {
    values.putAll(of(lines).values);
    return this;
  }

  /**
   * Puts a person's arguments behind all others: {@code -name} takes all of that name away, {@code
   * -name=value} the one, and of keys in {@code replaced} only the new ones stay.
   */
  public KernelArguments customize(List<String> lines, Set<String> replaced) {
    of(lines)
        .values
        .forEach((key, added) -> {
          if (key.length() > 1 && key.startsWith("-")) {
            remove(key.substring(1), added);
          } else if (replaced.contains(key)) {
            values.put(key, added);
          } else {
            added.forEach(value -> add(key, value));
          }
        });
    return this;
  }

  private void remove(String key, List<String> unwanted) {
    if (unwanted.getFirst().isEmpty()) {
      values.remove(key);
    } else if (values.containsKey(key)) {
      values.get(key).removeAll(unwanted);
    }
  }

  private void add(String key, String value) {
    values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
  }

  private static List<String> words(List<String> lines) {
    return lines.stream()
        .flatMap(line -> line.strip().lines())
        .flatMap(line -> List.of(line.split("[ \t]+", -1)).stream())
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static String key(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }

  private static String value(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? "" : word.substring(equals + 1);
  }

  /** All on one line, one blank between each. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    values.forEach(
        (key, all) -> all.forEach(value -> words.add(value.isEmpty() ? key : key + "=" + value)));
    return String.join(" ", words);
  }
}
