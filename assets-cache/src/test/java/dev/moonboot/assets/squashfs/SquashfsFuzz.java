package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.testing.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Any bytes as a squashfs image: reads within its limits, and no more than an image says. */
public final class SquashfsFuzz {
  private static final SquashfsLimits LIMITS = new SquashfsLimits(200, 10, 4 << 20);
  private static final Path FILE = Fuzz.folder("squashfs").resolve("image");

  private SquashfsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      Files.write(FILE, input);
      FILE.toFile().deleteOnExit();
      SquashfsImage image = SquashfsReader.read(FILE, 0, input.length, LIMITS);
      List<TreeNode.File> files = new ArrayList<>();
      image
          .tree()
          .walk((path, node) -> {
            if (node instanceof TreeNode.File file && !files.contains(file)) {
              files.add(file);
            }
          });
      for (TreeNode.File file : files) {
        read(file);
      }
    });
  }

  private static void read(TreeNode.File file) throws IOException {
    byte[] buffer = new byte[8192];
    long sum = 0;
    try (InputStream in = file.content().open()) {
      for (int count; (count = in.read(buffer)) > 0; ) {
        sum += count;
      }
    }
    if (sum != file.content().size()) {
      throw new AssertionError(sum + " bytes of " + file.content().size());
    }
  }

  static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (SquashfsSettings settings :
        List.of(
            SquashfsSettings.zstd(1, 1),
            SquashfsSettings.xz(1),
            SquashfsSettings.zstd(1, 1).stored())) {
      try {
        Path image = FILE.resolveSibling("seed");
        SquashfsWriter.write(SquashfsCase.small(), image, settings);
        seeds.add(Files.readAllBytes(image));
        Files.delete(image);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return seeds;
  }
}
