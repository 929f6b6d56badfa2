package dev.moonboot.assets.compose;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import java.io.IOException;
import java.io.InputStream;

/** Writes a tree into a cpio archive: directories before what is in them, names by their bytes. */
final class CpioTree {
  private CpioTree() {}

  /** Hard links become files of their own, devices, fifos and sockets are left out. */
  static void write(FileTree tree, NewcWriter to) throws IOException {
    tree.<IOException>walk((path, node) -> {
      switch (node) {
        case TreeNode.Directory directory -> to.directory(path, directory.mode());
        case TreeNode.File file -> write(path, file, to);
        case TreeNode.Symlink(var target) -> to.symlink(path, target);
        case TreeNode.Special _ -> {}
      }
    });
  }

  private static void write(String path, TreeNode.File file, NewcWriter to) throws IOException {
    Content content = file.content();
    try (InputStream in = content.open()) {
      to.file(path, file.mode(), content.size(), in);
    }
  }
}
