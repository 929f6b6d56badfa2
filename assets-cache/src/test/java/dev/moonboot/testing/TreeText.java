package dev.moonboot.testing;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A tree as lines of text, one a node: kind, mode, path, and of a file the digest of its content
 * and the first name that it has. Equal trees give equal text, in memory and on a disk.
 */
public final class TreeText {
  private final StringBuilder text = new StringBuilder();
  private final Map<Object, String> firstNames = new HashMap<>();

  private TreeText() {}

  /** All of a tree, with its root. */
  public static String of(FileTree tree) throws IOException {
    TreeText lines = new TreeText();
    lines.line("directory", tree.root().mode(), "/", "");
    tree.walk(lines::node);
    return lines.text.toString();
  }

  private void node(String path, TreeNode node) throws IOException {
    switch (node) {
      case TreeNode.Directory directory -> line("directory", directory.mode(), path, "");
      case TreeNode.Symlink link -> line("symlink", 0777, path, link.target());
      case TreeNode.Special special -> line(special.kind(), 0, path, "");
      case TreeNode.File file -> {
        try (InputStream in = file.content().open()) {
          file(file.mode(), path, in.readAllBytes(), file);
        }
      }
    }
  }

  /** All below a folder, with the folder itself. */
  public static String of(Path folder) throws IOException {
    TreeText lines = new TreeText();
    lines.line("directory", mode(folder), "/", "");
    lines.below(folder, "");
    return lines.text.toString();
  }

  private void below(Path folder, String prefix) throws IOException {
    String[] names = folder.toFile().list();
    if (names == null) {
      throw new IOException("cannot list " + folder);
    }
    Arrays.sort(names, TreeNode.BY_BYTES);
    for (String name : names) {
      Path path = folder.resolve(name);
      if (Files.isSymbolicLink(path)) {
        line("symlink", 0777, prefix + name, Files.readSymbolicLink(path).toString());
      } else if (Files.isDirectory(path)) {
        line("directory", mode(path), prefix + name, "");
        below(path, prefix + name + "/");
      } else {
        Object inode = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        file(mode(path), prefix + name, Files.readAllBytes(path), inode);
      }
    }
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
  }

  private void file(int mode, String path, byte[] content, Object identity) {
    String first = firstNames.computeIfAbsent(identity, any -> path);
    line("file", mode, path, Digest.of(content) + " of " + first);
  }

  private void line(String kind, int mode, String path, String more) {
    text.append("%s %04o %s %s%n".formatted(kind, mode, path, more));
  }
}
