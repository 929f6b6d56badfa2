package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;

/**
 * How long and large entries of an initramfs may be (kernel, {@code init/initramfs.c}; {@code
 * limits.h}: {@code PATH_MAX}, {@code NAME_MAX}). The kernel leaves out what is beyond that, and
 * says nothing.
 */
final class NewcLimits {
  private static final long MAX_SIZE = 0xFFFF_FFFFL; // eight hexadecimal digits
  private static final int MAX_PATH = 4095;
  private static final int MAX_NAME = 255;
  private static final int MAX_TARGET = 4095;
  private static final int MAX_READ = 512; // longer ones are passed over where it is read again
  private static final int MAX_SHOWN = 120;

  private NewcLimits() {}

  /**
   * Checks all that an extension puts into an initramfs itself.
   *
   * @param whose the extension, for messages
   * @param at where the tree will stand
   * @throws ComposeException when something of it cannot stand there
   */
  static void require(String whose, String at, FileTree tree) {
    tree.walk((path, node) -> {
      String full = at + "/" + path;
      requireName(whose, full);
      if (full.length() > MAX_READ) {
        throw refused(whose, full, "its name has over 512 characters", "shorten it");
      }
      switch (node) {
        case TreeNode.File file -> requireSize(whose, full, file.content().size());
        case TreeNode.Symlink(var target) -> requireTarget(whose, full, target);
        case TreeNode.Directory _, TreeNode.Special _ -> {}
      }
    });
  }

  /**
   * Checks a name.
   *
   * @param whose the extension, for messages; empty when it is not known
   */
  static void requireName(String whose, String path) {
    boolean fits = bytes(path) <= MAX_PATH;
    for (String name : path.split("/", -1)) {
      fits &= bytes(name) <= MAX_NAME;
    }
    if (!fits) {
      throw refused(
          whose, path, "its name has over 4095 bytes, or over 255 in one part", "shorten it");
    }
  }

  /** Checks how many bytes a file has. */
  static void requireSize(String whose, String path, long size) {
    if (size > MAX_SIZE) {
      throw refused(
          whose, path, "it has " + size + " bytes, and 4 GiB - 1 are the most", "make it smaller");
    }
  }

  /** Checks where a symbolic link leads. */
  static void requireTarget(String whose, String path, String target) {
    if (target.isEmpty() || bytes(target) > MAX_TARGET) {
      throw refused(
          whose, path, "it is a symbolic link to nothing, or to over 4095 bytes", "mend it");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  private static ComposeException refused(String whose, String path, String why, String wayOut) {
    String shown = path.length() <= MAX_SHOWN ? path : path.substring(0, MAX_SHOWN - 3) + "...";
    return new ComposeException(
        "%s%s cannot stand in an initramfs: %s; leave the extension out, or have its maker %s"
            .formatted(whose.isEmpty() ? "" : "extension " + whose + ": ", shown, why, wayOut));
  }
}
