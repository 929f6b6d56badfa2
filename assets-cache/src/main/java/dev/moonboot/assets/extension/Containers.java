package dev.moonboot.assets.extension;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The file systems of services in an extension, each below the name of its service. */
final class Containers {
  private static final String ROOTS = "usr/local/lib/containers/";
  private static final int MAX_LINKS = 40;

  private Containers() {}

  /** The root of the container that a path is in; empty where it is in none. */
  static Optional<FileTree> rootOf(FileTree rootfs, String path) {
    if (!path.startsWith(ROOTS)) {
      return Optional.empty();
    }
    int end = path.indexOf('/', ROOTS.length());
    return end < 0 ? Optional.empty() : rootfs.below(path.substring(0, end));
  }

  static String path(String service) {
    return ROOTS + service;
  }

  /** A path without leading slash, {@code .} and {@code ..}; that of the root is the root. */
  static String clean(String path) {
    return String.join("/", parts(new ArrayDeque<>(), path));
  }

  private static Deque<String> parts(Deque<String> from, String path) {
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        from.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        from.addLast(part);
      }
    }
    return from;
  }

  /** What a path leads to within a root, links followed; empty when it leads nowhere. */
  static Optional<TreeNode> resolve(FileTree root, String path) {
    Deque<String> left = parts(new ArrayDeque<>(), path);
    Deque<String> done = new ArrayDeque<>();
    int links = 0;
    while (!left.isEmpty()) {
      String name = left.pollFirst();
      if (name.equals("..")) {
        done.pollLast();
        continue;
      }
      done.addLast(name);
      TreeNode node = root.node(String.join("/", done)).orElse(null);
      if (node == null || (node instanceof TreeNode.Symlink && ++links > MAX_LINKS)) {
        return Optional.empty();
      }
      if (node instanceof TreeNode.Symlink(var target)) {
        done.pollLast();
        if (target.startsWith("/")) {
          done.clear();
        }
        List<String> ahead = List.of(target.split("/", -1));
        for (String part : ahead.reversed()) {
          if (!part.isEmpty() && !part.equals(".")) {
            left.addFirst(part);
          }
        }
      }
    }
    return root.node(String.join("/", done));
  }
}
