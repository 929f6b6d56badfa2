package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static java.util.Objects.requireNonNull;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.testing.InitramfsFixture;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Composes in a process of its own: {@code FOLDER VERSION BASE-MIB EXTENSION-MIB THREADS}. Prints
 * the digests.
 */
final class ComposeMain {
  private static final int MIB = 1 << 20;

  private ComposeMain() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    TalosVersion version = TalosVersion.parse(args[1]).orElseThrow();
    Path base = folder.resolve("base.img");
    base(base, Long.parseLong(args[2]) * MIB, version);
    List<Extension> extensions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      extensions.add(extension(i, Long.parseLong(args[3]) * MIB));
    }
    ComposedInitramfs composed =
        ComposeCase.compose(
            new InitramfsOrder(
                base,
                extensions,
                false,
                ComposeCase.MARKER,
                version,
                AMD64,
                true,
                true,
                Integer.parseInt(args[4])),
            folder.resolve("out"));
    composed.layers().forEach(layer -> System.out.println(layer.image() + " " + layer.digest()));
    System.out.println("whole " + requireNonNull(composed.whole()).digest());
    System.out.println("base " + requireNonNull(composed.base()).digest());
    System.out.println("extensions " + requireNonNull(composed.extensions()).digest());
  }

  private static void base(Path file, long size, TalosVersion version) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), MIB);
        OutputStream packed = ArchivePacking.of(version).pack(out, ArchivePacking.Load.LAYERS, 1);
        NewcWriter cpio = new NewcWriter(packed)) {
      cpio.file("init", 0755, InitramfsFixture.elf(AMD64));
      byte[] head = InitramfsFixture.squashfsHead(size);
      try (InputStream in =
          new SequenceInputStream(
              new ByteArrayInputStream(head), new Noise(size - head.length, 0, 0).open())) {
        cpio.file("rootfs.sqsh", 0644, size, in);
      }
    }
  }

  /** Programs, text, firmware and microcode: what packs well and what does not. */
  private static Extension extension(int number, long size) {
    TreeBuilder rootfs = new TreeBuilder();
    rootfs.put("usr/local/bin/p" + number, new TreeNode.File(0755, new Noise(size / 2, number, 6)));
    rootfs.put("usr/local/lib/l" + number, new TreeNode.File(0644, new Noise(size / 4, number, 4)));
    rootfs.put(
        "usr/lib/firmware/f" + number, new TreeNode.File(0644, new Noise(size / 4, number, 5)));
    rootfs.put(
        "usr/lib/firmware/intel-ucode/u" + number,
        new TreeNode.File(0644, new Noise(size / 100, number, 7)));
    return ComposeCase.extension("e" + number, rootfs);
  }

  /** Random bytes, the same each time; {@code bits} of 8 are random, or all with 0. */
  record Noise(long size, long seed, int bits) implements Content {
    @Override
    public InputStream open() {
      Random random = new Random(seed);
      return new InputStream() {
        private long left = size;

        @Override
        public int read() {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] out, int offset, int length) {
          if (left == 0) {
            return -1;
          }
          int count = (int) Math.min(left, Math.min(length, 8192));
          for (int i = 0; i < count; i++) {
            int value = random.nextInt();
            out[offset + i] = (byte) (bits == 0 ? value : value & (1 << bits) - 1);
          }
          left -= count;
          return count;
        }
      };
    }
  }
}
