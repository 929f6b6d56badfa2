package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.TreeExtraction.Unpacked;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import org.junit.jupiter.api.io.TempDir;

/** What tests of whole trees share: images made of layers, and trees as texts. */
abstract class TreeCase {
  @TempDir Path temp;

  private int spools;

  final Unpacked unpack(Layers layers, Limits limits) {
    return TreeExtraction.unpack(layers, temp.resolve("spool-" + spools++), Progress.NONE, limits);
  }

  final Unpacked unpack(TarFixture... layers) {
    return unpack(layers(layers), Limits.DEFAULT);
  }

  final TestLayers layers(TarFixture... tars) {
    TestLayers layers = new TestLayers(temp);
    for (TarFixture tar : tars) {
      layers.addTar(tar.bytes());
    }
    return layers;
  }

  final void assertTree(String expected, TarFixture... layers) {
    assertEquals(expected, text(unpack(layers).tree()));
  }

  final String refusal(TarFixture... layers) {
    return refusal(Limits.DEFAULT, layers);
  }

  final String refusal(Limits limits, TarFixture... layers) {
    return String.valueOf(
        assertThrows(ExtractException.class, () -> unpack(layers(layers), limits)).getMessage());
  }

  /**
   * Lines such as {@code 0644 a/b=text}, {@code 0755 a/}, {@code a/l -> b}, {@code fifo a/f}; a
   * further name of a file is {@code a/c == a/b}.
   */
  static String text(FileTree tree) {
    StringBuilder text = new StringBuilder("%04o /\n".formatted(tree.root().mode()));
    IdentityHashMap<TreeNode.File, String> files = new IdentityHashMap<>();
    tree.walk((path, node) -> text.append(line(path, node, files)).append('\n'));
    return text.toString();
  }

  private static String line(
      String path, TreeNode node, IdentityHashMap<TreeNode.File, String> files) {
    return switch (node) {
      case TreeNode.Directory(int mode, var _) -> "%04o %s/".formatted(mode, path);
      case TreeNode.Symlink(var target) -> path + " -> " + target;
      case TreeNode.Special(var kind) -> kind + " " + path;
      case TreeNode.File file -> {
        String first = files.putIfAbsent(file, path);
        yield first == null
            ? "%04o %s=%s".formatted(file.mode(), path, content(file))
            : path + " == " + first;
      }
    };
  }

  static String content(TreeNode.File file) {
    try (InputStream in = file.content().open()) {
      byte[] bytes = in.readAllBytes();
      assertEquals(file.content().size(), bytes.length);
      return new String(bytes, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
