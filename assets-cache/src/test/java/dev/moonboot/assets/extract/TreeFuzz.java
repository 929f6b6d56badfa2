package dev.moonboot.assets.extract;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.TreeExtraction.Unpacked;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Any bytes as the layers of an image whose tree is taken: every file can be read, and nothing is
 * made on disk but the spool file.
 */
public final class TreeFuzz {
  private static final Path FOLDER = Fuzz.folder("tree");

  private TreeFuzz() {}

  /** Twice the same layer, so that the upper one meets what the lower one has. */
  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      Path spool = FOLDER.resolve("spool");
      TestLayers layers = TestLayers.ofTar(FOLDER, input).addTar(input);
      try {
        check(TreeExtraction.unpack(layers, spool, Progress.NONE));
        if (!Files.isRegularFile(spool)) {
          throw new AssertionError("no spool file");
        }
      } catch (ExtractException e) {
        // what is promised
      } finally {
        empty();
      }
    });
  }

  private static void check(Unpacked unpacked) throws IOException {
    unpacked
        .tree()
        .<IOException>walk((path, node) -> {
          if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw new AssertionError("a path " + path);
          }
          if (node instanceof TreeNode.File file) {
            try (InputStream in = file.content().open()) {
              long length = in.transferTo(OutputStream.nullOutputStream());
              if (length != file.content().size()) {
                throw new AssertionError(path + " has " + length + " bytes");
              }
            }
          }
        });
  }

  private static void empty() throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(FOLDER)) {
      for (Path file : all) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new AssertionError(file + " was made");
        }
        Files.delete(file);
      }
    }
  }

  static List<byte[]> seeds() {
    return List.of(
        new TarFixture()
            .directory("rootfs", 0755)
            .file("rootfs/a", 04755, new byte[] {1, 2, 3})
            .hardLink("rootfs/b", "rootfs/a")
            .symlink("rootfs/c", "../a")
            .entry("rootfs/d", '3', "", new byte[0])
            .bytes(),
        new TarFixture()
            .file("d/f", "x")
            .file(".wh.d", "")
            .file("d/.wh..wh..opq", "")
            .symlink("l", "d")
            .file("l/g", "y")
            .pax("SCHILY.xattr.security.selinux", "label")
            .pax("path", "long/er")
            .file("z", "z")
            .bytes());
  }
}
