package dev.moonboot.assets.extract;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file system being put together, the lowest layer first (image-spec, layer.md, "Applying").
 *
 * <p>A whiteout hides what lower layers have, wherever in its own layer it stands. A directory that
 * no entry speaks of has mode 0755. A file or link takes the place of whatever was there; a
 * directory leaves a directory's content as it is.
 */
final class LayeredTree {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final int IMPLIED = 0755;

  private sealed interface Item {
    /** What anything but a directory is. */
    record Leaf(int layer, TreeNode node) implements Item {}

    /** A directory that may still change. */
    final class Folder implements Item {
      private int layer;
      private int mode = IMPLIED;
      private int cleanSince = -1; // in this layer all that lower ones had here was hidden
      private final Map<String, Item> items = new HashMap<>();

      private Folder(int layer) {
        this.layer = layer;
      }
    }
  }

  private final int maxNodes;
  private final Item.Folder root = new Item.Folder(-1);
  private final List<String> replacedLinks = new ArrayList<>();
  private int layer = -1;
  private int nodes;

  /**
   * @param maxNodes that may be made, whether they stay or not
   */
  LayeredTree(int maxNodes) {
    this.maxNodes = maxNodes;
  }

  void nextLayer() {
    layer++;
  }

  /** Symbolic links that gave way to a directory, because an entry stands below their name. */
  List<String> replacedLinks() {
    return replacedLinks;
  }

  /** Applies a whiteout; false when {@code path} is none. */
  boolean hide(List<String> path) {
    String name = path.isEmpty() ? "" : path.getLast();
    if (!name.startsWith(WHITEOUT)) {
      return false;
    }
    Item.Folder folder = existing(path.subList(0, path.size() - 1));
    if (folder == null) {
      return true; // nothing is there to be hidden
    }
    if (name.equals(OPAQUE)) {
      clean(folder);
    } else {
      String hidden = name.substring(WHITEOUT.length());
      Item item = folder.items.get(hidden);
      if (item != null && !survives(item)) {
        folder.items.remove(hidden);
      }
    }
    return true;
  }

  /** Whether something of this layer is left of {@code item}, all else of it being removed. */
  private boolean survives(Item item) {
    return switch (item) {
      case Item.Leaf(int of, var _) -> of == layer;
      case Item.Folder folder -> {
        clean(folder);
        boolean own = folder.layer == layer;
        if (!own && !folder.items.isEmpty()) {
          folder.layer = layer; // implied by what this layer has in it
          folder.mode = IMPLIED;
        }
        yield own || !folder.items.isEmpty();
      }
    };
  }

  /** Once a layer, however often a layer says so. */
  private void clean(Item.Folder folder) {
    if (folder.cleanSince < layer) {
      folder.items.values().removeIf(item -> !survives(item));
      folder.cleanSince = layer;
    }
  }

  /** Sets a directory's mode, and makes it where there is none. */
  void directory(List<String> path, int mode) {
    Item.Folder in = path.isEmpty() ? null : existing(path.subList(0, path.size() - 1));
    if (in != null) {
      in.items.computeIfPresent(
          path.getLast(), (_, item) -> item instanceof Item.Leaf ? null : item);
    }
    Item.Folder folder = folder(path);
    folder.mode = mode;
    folder.layer = layer;
  }

  /** Puts anything but a directory. */
  void put(List<String> path, TreeNode node) {
    if (path.isEmpty()) {
      throw new ExtractException("the image's root is no directory");
    }
    count();
    folder(path.subList(0, path.size() - 1)).items.put(path.getLast(), new Item.Leaf(layer, node));
  }

  private void count() {
    if (++nodes > maxNodes) {
      throw new ExtractException(
          "the image has more than " + maxNodes + " files and directories; it is not read further");
    }
  }

  /** The directory at a path, made where there is none. */
  private Item.Folder folder(List<String> path) {
    Item.Folder at = root;
    for (int i = 0; i < path.size(); i++) {
      Item next = at.items.get(path.get(i));
      if (next instanceof Item.Folder folder) {
        at = folder;
      } else {
        if (next instanceof Item.Leaf(var _, TreeNode.Symlink _)) {
          replacedLinks.add(String.join("/", path.subList(0, i + 1)));
        }
        count();
        Item.Folder made = new Item.Folder(layer);
        at.items.put(path.get(i), made);
        at = made;
      }
    }
    return at;
  }

  private Item.@Nullable Folder existing(List<String> path) {
    Item.Folder at = root;
    for (String name : path) {
      if (!(at.items.get(name) instanceof Item.Folder next)) {
        return null;
      }
      at = next;
    }
    return at;
  }

  /** What is at a path now, links not followed; a directory without what is in it. */
  Optional<TreeNode> node(List<String> path) {
    if (path.isEmpty()) {
      return Optional.of(TreeNode.Directory.of(root.mode));
    }
    Item.Folder folder = existing(path.subList(0, path.size() - 1));
    return switch (folder == null ? null : folder.items.get(path.getLast())) {
      case null -> Optional.empty();
      case Item.Leaf(var _, var node) -> Optional.of(node);
      case Item.Folder found -> Optional.of(TreeNode.Directory.of(found.mode));
    };
  }

  FileTree build() {
    return new FileTree(build(root));
  }

  private static TreeNode.Directory build(Item.Folder folder) {
    TreeNode.Directory.Builder directory = TreeNode.Directory.builder(folder.mode);
    folder.items.forEach((name, item) ->
        directory.put(
            name,
            switch (item) {
              case Item.Leaf(var _, var node) -> node;
              case Item.Folder inner -> build(inner);
            }));
    return directory.build();
  }
}
