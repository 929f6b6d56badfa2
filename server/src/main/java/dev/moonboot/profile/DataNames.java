package dev.moonboot.profile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Names in a data file that stand for other files: joined and cleaned below the data directory, as
 * matchbox does. {@code ..} can reach a sibling folder ({@code ../cloud/c}) and never leaves the
 * data directory.
 */
final class DataNames {
  private static final String PROFILES = "profiles";

  private DataNames() {}

  /**
   * The name of a profile as the path from {@code profiles}, without {@code .} and {@code ..} on
   * the way: {@code a/../team//p} is {@code team/p}. Empty for a name that can be no file.
   */
  static Optional<String> profile(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    int slash = name.lastIndexOf('/');
    Deque<String> path = walk(PROFILES, name.substring(0, slash + 1));
    path.add(name.substring(slash + 1)); // which gets an extension: even ".." is a name
    return Optional.of(from(PROFILES, String.join("/", path)));
  }

  /**
   * The name of a config file as the path from the folder of its kind, without {@code .} and {@code
   * ..} on the way. Empty for a name that can be no file, and for what is hidden right in the data
   * directory: nothing of matchbox's lies there.
   */
  static Optional<String> config(ConfigKind kind, String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    Deque<String> path = walk(kind.folder(), name);
    String first = path.peekFirst();
    return first == null || first.startsWith(".")
        ? Optional.empty()
        : Optional.of(from(kind.folder(), String.join("/", path)));
  }

  private static Deque<String> walk(String home, String name) {
    Deque<String> path = new ArrayDeque<>(List.of(home));
    for (String folder : name.split("/", -1)) {
      switch (folder) {
        case "", "." -> {}
        case ".." -> path.pollLast();
        default -> path.add(folder);
      }
    }
    return path;
  }

  /** The path from the data directory of a path from the folder {@code home}: the way back. */
  static String path(String home, String name) {
    return name.startsWith("../") ? name.substring("../".length()) : home + "/" + name;
  }

  /** The path from the folder {@code home} of a path from the data directory. */
  static String from(String home, String path) {
    return path.startsWith(home + "/") ? path.substring(home.length() + 1) : "../" + path;
  }
}
