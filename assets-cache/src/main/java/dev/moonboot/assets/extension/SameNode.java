package dev.moonboot.assets.extension;

import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Whether a node would notice that one file is in the place of another. */
final class SameNode {
  private static final int BLOCK = 1 << 16;

  private SameNode() {}

  /** Of files mode and content count, of links the target. */
  static boolean of(TreeNode one, TreeNode other) {
    return (one instanceof TreeNode.File file && other instanceof TreeNode.File with)
        ? file.mode() == with.mode() && same(file.content(), with.content())
        : one.equals(other);
  }

  private static boolean same(TreeNode.Content one, TreeNode.Content other) {
    if (one.size() != other.size()) {
      return false;
    }
    try (InputStream in = one.open();
        InputStream with = other.open()) {
      byte[] block = in.readNBytes(BLOCK);
      while (block.length > 0) {
        if (!Arrays.equals(block, with.readNBytes(BLOCK))) {
          return false;
        }
        block = in.readNBytes(BLOCK);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
