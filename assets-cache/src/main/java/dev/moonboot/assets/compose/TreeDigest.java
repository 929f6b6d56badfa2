package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** One digest of all that a tree is: paths, kinds, modes, targets, contents. */
final class TreeDigest {
  private TreeDigest() {}

  /**
   * Equal for equal trees. Hard links count as files of their own.
   *
   * @throws IOException when a content cannot be read
   */
  static Digest of(FileTree tree) throws IOException {
    MessageDigest all = Digest.sha256();
    add(all, "directory %o".formatted(tree.root().mode()));
    tree.<IOException>walk((path, node) -> {
      add(all, path);
      switch (node) {
        case TreeNode.Directory directory -> add(all, "directory %o".formatted(directory.mode()));
        case TreeNode.File file -> {
          add(all, "file %o".formatted(file.mode()));
          add(all, of(file.content()).hex());
        }
        case TreeNode.Symlink(var target) -> add(all, "link " + target);
        case TreeNode.Special(var kind) -> add(all, kind);
      }
    });
    return Digest.of(all);
  }

  private static Digest of(Content content) throws IOException {
    try (InputStream in = content.open()) {
      return Digest.of(in);
    }
  }

  /** No name has a NUL, so no two rows of words give the same bytes. */
  private static void add(MessageDigest to, String word) {
    to.update(word.getBytes(UTF_8));
    to.update((byte) 0);
  }
}
