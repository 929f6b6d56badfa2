package dev.moonboot.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that stand beside the file, as flags of a command line do.
 *
 * @param over these win over the file; {@code MOONBOOT_*} variables win over them
 * @param under these count where neither the file nor a variable says something
 */
public record Overlay(List<Given> over, List<Given> under) {
  /** Nothing beside the file. */
  public static final Overlay NONE = new Overlay(List.of(), List.of());

  /**
   * One value.
   *
   * @param key full name: {@code http.address}
   * @param text as it would stand in the file
   * @param origin who says so, for people: {@code flag -address}
   */
  public record Given(String key, String text, String origin) {
    ConfigFile.Entry entry() {
      return new ConfigFile.Entry(text, origin);
    }
  }

  public Overlay {
    over = List.copyOf(over);
    under = List.copyOf(under);
  }

  /** What wins over the file, variables first. */
  Map<String, ConfigFile.Entry> over(Map<String, ConfigFile.Entry> environment) {
    Map<String, ConfigFile.Entry> all = new LinkedHashMap<>();
    over.forEach(given -> all.put(given.key(), given.entry()));
    all.putAll(environment);
    return all;
  }

  /** The file, completed. */
  ConfigFile.Contents under(ConfigFile.Contents file) {
    Map<String, ConfigFile.Entry> all = new LinkedHashMap<>(file.entries());
    List<Given> missing = new ArrayList<>(under);
    missing.removeIf(given -> file.emptyLists().contains(given.key()));
    missing.forEach(given -> all.putIfAbsent(given.key(), given.entry()));
    return new ConfigFile.Contents(
        all, file.places(), file.emptyLists(), file.emptyMaps(), file.nothings());
  }
}
