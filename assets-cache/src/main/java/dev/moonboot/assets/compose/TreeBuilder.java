package dev.moonboot.assets.compose;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Directory;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects files by their paths; of two with one path the later counts, and directories merge. */
final class TreeBuilder {
  private static final int PARENT_MODE = 0755;

  private final Branch root = new Branch();

  private static final class Branch {
    private final Map<String, Object> entries = new HashMap<>(); // TreeNode or Branch
    private int mode = PARENT_MODE;
  }

  /**
   * Puts a node in its place; the directories above it that are missing get mode 0755.
   *
   * @param path without a leading slash; never empty
   */
  TreeBuilder put(String path, TreeNode node) {
    int slash = path.lastIndexOf('/');
    Branch parent = slash < 0 ? root : branch(path.substring(0, slash));
    String name = path.substring(slash + 1);
    if (node instanceof Directory directory) {
      Branch branch = branch(path);
      branch.mode = directory.mode();
      directory.entries().forEach((child, inner) -> put(path + "/" + child, inner));
    } else {
      parent.entries.put(name, node);
    }
    return this;
  }

  /** Puts all of a tree below a path; {@code ""} is the root. */
  TreeBuilder putAll(String path, FileTree tree) {
    String prefix = path.isEmpty() ? "" : path + "/";
    tree.root().entries().forEach((name, node) -> put(prefix + name, node));
    return this;
  }

  /** The file at a path; null when there is none, or something else. */
  TreeNode.@Nullable File file(String path) {
    Branch at = root;
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      if (!(at.entries.get(names[i]) instanceof Branch next)) {
        return null;
      }
      at = next;
    }
    return at.entries.get(names[names.length - 1]) instanceof TreeNode.File file ? file : null;
  }

  private Branch branch(String path) {
    Branch at = root;
    for (String name : path.split("/", -1)) {
      if (at.entries.get(name) instanceof Branch next) {
        at = next;
      } else {
        Branch fresh = new Branch();
        at.entries.put(name, fresh);
        at = fresh;
      }
    }
    return at;
  }

  boolean isEmpty() {
    return root.entries.isEmpty();
  }

  /** All that was put. */
  FileTree build() {
    return new FileTree(build(root));
  }

  private static Directory build(Branch branch) {
    Directory.Builder directory = Directory.builder(branch.mode);
    branch.entries.forEach((name, entry) ->
        directory.put(name, entry instanceof Branch inner ? build(inner) : (TreeNode) entry));
    return directory.build();
  }
}
