package dev.moonboot.assets.squashfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode.Directory;
import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.TreeText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Images that nobody should read to the end. */
class HostileSquashfsTest {
  private static final SquashfsSettings STORED = SquashfsSettings.zstd(1, 1).stored();

  @TempDir Path temp;

  @Test
  void x_21_squashfs() {
    Fuzz.replay(SquashfsFuzz.class, SquashfsFuzz.seeds(), SquashfsFuzz::fuzzerTestOneInput);
  }

  /** What is said of an image after it was spoiled. */
  private String refusal(FileTree tree, Consumer<ByteBuffer> spoil) throws IOException {
    Path image = temp.resolve("image");
    SquashfsWriter.write(tree, image, STORED);
    byte[] bytes = Files.readAllBytes(image);
    spoil.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    Files.write(image, bytes);
    SquashfsException refused =
        assertThrows(SquashfsException.class, () -> TreeText.of(SquashfsReader.read(image).tree()));
    return String.valueOf(refused.getMessage());
  }

  @Test
  void superblocks_are_checked() throws IOException {
    FileTree tree = SquashfsCase.small();
    assertEquals(
        "no squashfs image: it does not begin with hsqs", refusal(tree, in -> in.put(0, (byte) 0)));
    assertEquals(
        "a squashfs image of version 3.1; only 4.0 is read",
        refusal(tree, in -> in.putShort(28, (short) 3).putShort(30, (short) 1)));
    assertEquals(
        "a squashfs image packed with method 1; kernels of Talos unpack zstd (6) and xz (4) only",
        refusal(tree, in -> in.putShort(20, (short) 1)));
    assertEquals(
        "a squashfs image with blocks of 131073 bytes", refusal(tree, in -> in.putInt(12, 131073)));
    assertEquals(
        "the squashfs image is cut off: 4096 bytes of 9999999",
        refusal(tree, in -> in.putLong(40, 9999999)));
    assertEquals(
        "the squashfs image's superblock is damaged", refusal(tree, in -> in.putLong(64, -1)));
    assertEquals(
        "a squashfs image with 2000000000 shared blocks is not read",
        refusal(tree, in -> in.putInt(16, 2_000_000_000)));
  }

  @Test
  void lists_that_the_kernel_does_not_mount_are_refused() throws IOException {
    FileTree tree = SquashfsCase.small();
    String damaged = "the squashfs image's superblock is damaged";
    assertEquals(damaged, refusal(tree, in -> in.putLong(56, 4096)), "of attributes");
    assertEquals(damaged, refusal(tree, in -> in.putLong(88, 4096)), "of inodes");
    String owners = "the squashfs image is damaged: it does not end with its list of owners";
    assertEquals(owners, refusal(tree, in -> in.putLong(40, in.getLong(40) + 8)));
    assertEquals(owners, refusal(tree, in -> in.putLong(48, in.getLong(48) - 8)));
    assertEquals(owners, refusal(tree, in -> in.putShort(26, (short) 3000)));
    assertEquals(
        "the squashfs image points out of a table",
        refusal(tree, in -> in.putLong((int) in.getLong(48), 1L << 40)),
        "whose block is nowhere");
  }

  /** Each bit of it turned round, and whether all of the tree can be read all the same. */
  @Test
  void of_a_superblock_nothing_but_hints_may_be_wrong() throws IOException {
    Path image = temp.resolve("image");
    SquashfsWriter.write(SquashfsCase.small(), image, SquashfsSettings.zstd(3, 1));
    byte[] good = Files.readAllBytes(image);
    String tree = TreeText.of(SquashfsReader.read(image).tree());
    TreeSet<Integer> passed = new TreeSet<>();
    for (int bit = 0; bit < 96 * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(image, bad);
      try {
        if (TreeText.of(SquashfsReader.read(image).tree()).equals(tree)) {
          passed.add(bit / 8);
        }
      } catch (SquashfsException e) {
        // the kernel would say so, too
      }
    }
    assertEquals(
        Set.of(4, 5, 6, 7, /* more inodes than there are, */ 8, 9, 10, 11, /* time, */ 24, 25),
        passed);
  }

  @Test
  void owners_are_told_from_root() throws IOException {
    Path image = temp.resolve("image");
    SquashfsWriter.write(SquashfsCase.small(), image, STORED);
    assertTrue(SquashfsReader.read(image).ofRoot());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(image)).order(ByteOrder.LITTLE_ENDIAN);
    int block = (int) bytes.getLong((int) bytes.getLong(48));
    assertEquals(0, bytes.getInt(block + 2));
    Files.write(image, bytes.putInt(block + 2, 1000).array());
    assertFalse(SquashfsReader.read(image).ofRoot());
  }

  @Test
  void x_05_a_directory_within_itself_is_refused() throws IOException {
    Directory inner = Directory.builder(0755).put("b", Directory.of(0755)).build();
    FileTree tree = new FileTree(Directory.builder(0755).put("a", inner).build());
    String told =
        refusal(
            tree,
            in -> {
              // the innermost inode comes first, and becomes what its parent is
              int table = (int) in.getLong(64) + 2;
              in.putShort(table + 24, in.getShort(table + 32 + 24));
              in.putShort(table + 26, in.getShort(table + 32 + 26));
            });
    assertTrue(told.contains("damaged"), told);
  }

  @Test
  void limits_are_kept() throws IOException {
    Directory deep = Directory.of(0755);
    for (int i = 0; i < 60; i++) {
      deep = Directory.builder(0755).put("d", deep).put("f", SquashfsCase.file(0644, "x")).build();
    }
    Path image = temp.resolve("image");
    SquashfsWriter.write(new FileTree(deep), image, STORED);
    long size = Files.size(image);
    for (SquashfsLimits small :
        new SquashfsLimits[] {
          new SquashfsLimits(119, 100, 1000),
          new SquashfsLimits(1000, 59, 1000),
          new SquashfsLimits(1000, 100, 59)
        }) {
      SquashfsException refused =
          assertThrows(SquashfsException.class, () -> SquashfsReader.read(image, 0, size, small));
      assertTrue(
          String.valueOf(refused.getMessage()).endsWith("it is not read"), refused.getMessage());
    }
    SquashfsReader.read(image, 0, size, new SquashfsLimits(120, 60, 60));
  }

  @Test
  void blocks_that_kernels_refuse_are_refused() throws IOException {
    byte[] content = "content ".repeat(200_000).getBytes(UTF_8);
    ByteArrayOutputStream streamed = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(streamed, 18)) {
      zstd.write(content, 0, 100_000);
      zstd.flush();
    }
    assertEquals(
        "a zstd block wants a larger window than a block of the image; kernels refuse it",
        refusal(SquashfsCompression.ZSTD, streamed.toByteArray()));
    assertEquals(
        "an xz block with the check CRC64; kernels know CRC32 only",
        refusal(SquashfsCompression.XZ, xz(content, 1 << 17, XZ.CHECK_CRC64)));
    assertTrue(
        refusal(SquashfsCompression.XZ, xz(content, 1 << 23, XZ.CHECK_CRC32))
            .startsWith("an xz block does not unpack"));
  }

  private static byte[] xz(byte[] content, int dictionary, int check) throws IOException {
    LZMA2Options options = new LZMA2Options(6);
    options.setDictSize(dictionary);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(packed, options, check)) {
      xz.write(content, 0, 100_000);
    }
    return packed.toByteArray();
  }

  private static String refusal(SquashfsCompression compression, byte[] block) {
    try (BlockDecompressor decompressor = BlockDecompressor.of(compression, 1 << 17)) {
      SquashfsException refused =
          assertThrows(
              SquashfsException.class,
              () -> decompressor.unpack(block, block.length, new byte[1 << 17]));
      return String.valueOf(refused.getMessage());
    }
  }
}
