package dev.moonboot.ignition;

import java.util.ArrayDeque;
import java.util.Deque;

/** Slash-separated paths as Go's package path has them. */
final class GoPath {
  private GoPath() {}

  /** The shortest way to write an absolute path ({@code path.Clean}). */
  static String clean(String path) {
    Deque<String> kept = new ArrayDeque<>();
    for (int from = 1; from <= path.length(); ) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      String step = path.substring(from, to);
      if (step.equals("..")) {
        kept.pollLast();
      } else if (!step.isEmpty() && !step.equals(".")) {
        kept.add(step);
      }
      from = to + 1;
    }
    return "/" + String.join("/", kept);
  }

  /** What a name ends with, from its last dot on ({@code path.Ext}); empty without a dot. */
  static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(dot) : "";
  }
}
