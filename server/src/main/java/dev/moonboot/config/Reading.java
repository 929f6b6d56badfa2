package dev.moonboot.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One pass over the configuration: what was asked for, and what was found. */
final class Reading {
  /** Keys of older configurations that are called otherwise now. */
  private static final Map<String, String> MOVED = Map.of("tftp.ipxe", "loaders.folder");

  private final ConfigTree tree;
  private final Path file;
  private final ConfigProblems problems;
  private final boolean describing;
  private final Map<String, ConfigKey> keys = new LinkedHashMap<>();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private final List<Setting> settings = new ArrayList<>();

  /**
   * A pass.
   *
   * @param describing true when only the keys are wanted: there are no values, and none is missed
   */
  Reading(ConfigTree tree, Path file, ConfigProblems problems, boolean describing) {
    this.tree = tree;
    this.file = file;
    this.problems = problems;
    this.describing = describing;
  }

  ConfigTree tree() {
    return tree;
  }

  ConfigProblems problems() {
    return problems;
  }

  boolean isDescribing() {
    return describing;
  }

  /** Where relative paths start. */
  Path base() {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  /** The file, for problems that have no place in it. */
  String source() {
    return file.toString().isEmpty() ? ConfigTree.UNKNOWN : file.toString();
  }

  void key(String fullKey, ConfigKey key) {
    keys.put(fullKey, key);
  }

  void section(String fullKey, String display) {
    sections.put(fullKey, display);
  }

  void setting(String key, String text, String fullKey) {
    boolean set = tree.shape(fullKey) != ConfigTree.Shape.NOTHING;
    settings.add(new Setting(key, text, set ? tree.origin(fullKey) : "default"));
  }

  List<ConfigKey> keys() {
    return List.copyOf(keys.values());
  }

  List<Setting> settings() {
    return List.copyOf(settings);
  }

  /** Notes each thing in the configuration that nobody asked for, once and as a whole. */
  void checkUnknown() {
    Set<String> known = new TreeSet<>(keys.keySet());
    known.addAll(sections.keySet());
    Set<String> told = new TreeSet<>();
    for (String key : new TreeSet<>(tree.keys())) {
      if (!isKnown(key)) {
        told.add(firstUnknown(key, known));
      }
    }
    for (String key : tree.emptyKeys()) {
      if (!isKnown(key) && known.stream().noneMatch(k -> (k + ".").startsWith(key + "."))) {
        told.add(firstUnknown(key, known));
      }
    }
    for (String key : told) {
      problems.add(tree.origin(key), complaint(key, known));
    }
  }

  /** A key that was read, or what stands below one: an item, or a shape already complained of. */
  private boolean isKnown(String key) {
    return keys.keySet().stream().anyMatch(k -> key.equals(k) || key.startsWith(k + "."));
  }

  /** The shortest part of {@code key} that leads to no known key. */
  private static String firstUnknown(String key, Set<String> known) {
    for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
      String part = key.substring(0, dot);
      if (known.stream().noneMatch(k -> k.equals(part) || k.startsWith(part + "."))) {
        return part;
      }
    }
    return key;
  }

  private String complaint(String key, Set<String> known) {
    String display = ConfigTree.display(key);
    String moved = MOVED.get(key);
    if (moved != null) {
      return "%s is called %s now: write it there".formatted(display, moved);
    }
    List<String> below =
        known.stream().filter(k -> k.startsWith(key + ".")).map(ConfigTree::display).toList();
    if (!below.isEmpty()) {
      return display
          + " expects keys with values ("
          + String.join(", ", below)
          + "), found a value";
    }
    String parent = key.substring(0, key.lastIndexOf('.') + 1);
    Set<String> siblings =
        known.stream()
            .filter(k -> k.startsWith(parent))
            .map(k -> parent + k.substring(parent.length()).replaceFirst("\\..*", ""))
            .map(ConfigTree::display)
            .collect(Collectors.toCollection(TreeSet::new));
    String near = Suggestion.among(display, siblings);
    if (near.isEmpty()) {
      near = Suggestion.among(display, known.stream().map(ConfigTree::display).toList());
    }
    if (near.isEmpty() && !siblings.isEmpty()) {
      near = "; known here: " + String.join(", ", siblings);
    }
    return "unknown key " + display + near;
  }
}
