package dev.moonboot.profile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Names in a data file that stand for other files: joined and cleaned below the data directory. */
final class DataNames {
  private static final String PROFILES = "profiles";

  private DataNames() {}

  /**
   * The name as the path from {@code profiles}, without {@code .} and {@code ..} on the way: {@code
   * a/../team//p} is {@code team/p}. As in matchbox {@code ..} can reach a sibling folder ({@code
   * ../cloud/c}) and never leaves the data directory. Empty for a name that can be no file.
   */
  static Optional<String> clean(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    int slash = name.lastIndexOf('/');
    Deque<String> folders = new ArrayDeque<>(List.of(PROFILES));
    for (String folder : name.substring(0, slash + 1).split("/", -1)) {
      switch (folder) {
        case "", "." -> {}
        case ".." -> folders.pollLast();
        default -> folders.add(folder);
      }
    }
    if (PROFILES.equals(folders.peekFirst())) {
      folders.removeFirst();
    } else {
      folders.addFirst("..");
    }
    folders.add(name.substring(slash + 1));
    return Optional.of(String.join("/", folders));
  }
}
