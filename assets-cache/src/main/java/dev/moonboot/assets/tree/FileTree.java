package dev.moonboot.assets.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A tree of files, without owners and times. Immutable. The contents of its files are where they
 * are: nothing of them is in memory.
 *
 * @param root what stands at {@code /}
 */
public record FileTree(TreeNode.Directory root) {
  /** A tree of nothing but a root of mode 0755. */
  public static final FileTree EMPTY = new FileTree(TreeNode.Directory.of(0755));

  /** What is told of each node of a walk. */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    /**
     * One node, after the directory that it is in.
     *
     * @param path without a leading slash; never empty
     */
    void visit(String path, TreeNode node) throws E;
  }

  /**
   * The node at a path, symbolic links not followed; empty when there is none.
   *
   * @param path without a leading slash; {@code ""} is the root
   */
  public Optional<TreeNode> node(String path) {
    TreeNode at = root;
    for (String name : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      TreeNode next = at instanceof TreeNode.Directory in ? in.entries().get(name) : null;
      if (next == null) {
        return Optional.empty();
      }
      at = next;
    }
    return Optional.of(at);
  }

  /** The directory at a path as a tree of its own; empty when there is none. */
  public Optional<FileTree> below(String path) {
    return node(path)
        .flatMap(node ->
            node instanceof TreeNode.Directory directory
                ? Optional.of(new FileTree(directory))
                : Optional.empty());
  }

  /** The names of the directories in the directory at a path; empty when there is none. */
  public List<String> directories(String path) {
    List<String> names = new ArrayList<>();
    below(path)
        .map(tree -> tree.root().entries())
        .orElse(Collections.emptySortedMap())
        .forEach((name, node) -> {
          if (node instanceof TreeNode.Directory) {
            names.add(name);
          }
        });
    return names;
  }

  /**
   * Tells of every node below the root, a directory before what is in it, names by the order of
   * their bytes.
   */
  public <E extends Exception> void walk(Visitor<E> visitor) throws E {
    walk("", root, visitor);
  }

  private static <E extends Exception> void walk(
      String prefix, TreeNode.Directory directory, Visitor<E> visitor) throws E {
    for (var entry : directory.entries().entrySet()) {
      String path = prefix + entry.getKey();
      visitor.visit(path, entry.getValue());
      if (entry.getValue() instanceof TreeNode.Directory inner) {
        walk(path + "/", inner, visitor);
      }
    }
  }

  /** The same without the nodes, and all below them, whose paths are unwanted. */
  public FileTree without(Predicate<String> unwanted) {
    return new FileTree(without("", root, unwanted));
  }

  private static TreeNode.Directory without(
      String prefix, TreeNode.Directory directory, Predicate<String> unwanted) {
    TreeNode.Directory.Builder kept = TreeNode.Directory.builder(directory.mode());
    directory
        .entries()
        .forEach((name, node) -> {
          String path = prefix + name;
          if (!unwanted.test(path)) {
            kept.put(
                name,
                node instanceof TreeNode.Directory inner
                    ? without(path + "/", inner, unwanted)
                    : node);
          }
        });
    return kept.build();
  }

  /** The same with {@code mode} for the root. */
  public FileTree withRootMode(int mode) {
    TreeNode.Directory.Builder same = TreeNode.Directory.builder(mode);
    root.entries().forEach(same::put);
    return new FileTree(same.build());
  }

  /** The file at a path; null when there is none, or something else. */
  public TreeNode.@Nullable File file(String path) {
    return node(path).orElse(null) instanceof TreeNode.File file ? file : null;
  }
}
