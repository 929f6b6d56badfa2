package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Directory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Writes and reads an image with a file larger than the heap, in a process of its own. */
final class SquashfsHeapMain {
  private static final long LARGE = 100L << 20;

  private SquashfsHeapMain() {}

  public static void main(String[] args) throws IOException {
    Directory.Builder root = Directory.builder(0755);
    root.put("large", new TreeNode.File(0644, new Noise(LARGE)));
    root.put("same", new TreeNode.File(0600, new Noise(LARGE)));
    Directory.Builder many = Directory.builder(0755);
    for (int i = 0; i < 5_000; i++) {
      many.put("file-" + i, new TreeNode.File(0644, new Noise(100 + i % 300)));
    }
    root.put("many", many.build());
    Path image = Path.of(args[0]);
    SquashfsWriter.write(new FileTree(root.build()), image, SquashfsSettings.zstd(1, 4));
    long[] sum = new long[2];
    FileTree read = SquashfsReader.read(image).tree();
    read.walk((path, node) -> {
      if (node instanceof TreeNode.File file) {
        sum[0]++;
        try (InputStream in = file.content().open()) {
          sum[1] += in.transferTo(OutputStream.nullOutputStream());
        }
      }
    });
    System.out.println(sum[0] + " files of " + sum[1] + " bytes");
  }

  /** Bytes that hardly pack, the same each time. */
  private record Noise(long size) implements TreeNode.Content {
    @Override
    public InputStream open() {
      SplittableRandom random = new SplittableRandom(size);
      return new InputStream() {
        private long left = size;

        @Override
        public int read() {
          return left-- > 0 ? random.nextInt(256) : -1;
        }

        @Override
        public int read(byte[] out, int offset, int length) {
          if (left <= 0) {
            return -1;
          }
          int count = (int) Math.min(left, length);
          byte[] noise = new byte[count];
          random.nextBytes(noise);
          System.arraycopy(noise, 0, out, offset, count);
          left -= count;
          return count;
        }
      };
    }
  }
}
