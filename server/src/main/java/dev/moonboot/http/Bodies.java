package dev.moonboot.http;

import java.util.HashSet;
import java.util.Set;

/**
 * Which requests of a listener may have a body.
 *
 * @param any true for all of them
 * @param posts the paths, as they are sent, to which one may be posted
 */
record Bodies(boolean any, Set<String> posts) {
  static final Bodies NONE = new Bodies(false, Set.of());
  static final Bodies ANY = new Bodies(true, Set.of());

  /** By POST to exactly these paths. */
  static Bodies postedTo(Set<String> paths) {
    return new Bodies(false, Set.copyOf(paths));
  }

  /** To these paths, too. */
  Bodies and(Set<String> paths) {
    Set<String> all = new HashSet<>(posts);
    all.addAll(paths);
    return new Bodies(any, Set.copyOf(all));
  }

  /**
   * @param path as it was sent
   */
  boolean at(String method, String path) {
    return any || (method.equals("POST") && posts.contains(path));
  }
}
