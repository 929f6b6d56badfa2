package dev.moonboot.assets.squashfs;

import static dev.moonboot.assets.squashfs.SquashfsCase.file;
import static dev.moonboot.assets.squashfs.SquashfsCase.frr;
import static dev.moonboot.assets.squashfs.SquashfsCase.onDisk;
import static dev.moonboot.assets.squashfs.SquashfsCase.random;
import static dev.moonboot.assets.squashfs.SquashfsCase.run;
import static dev.moonboot.assets.squashfs.SquashfsCase.tree;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.assets.tree.TreeNode.Directory;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TreeText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SquashfsWriterTest {
  private static final SquashfsSettings FAST = SquashfsSettings.zstd(1, 2);

  @TempDir Path temp;

  private Path write(FileTree tree, SquashfsSettings settings) throws IOException {
    Path image = Files.createTempFile(temp, "image", ".sqsh");
    SquashfsWriter.write(tree, image, settings);
    return image;
  }

  private static String reread(Path image) throws IOException {
    return TreeText.of(SquashfsReader.read(image).tree());
  }

  private Path unpacked(Path image) throws IOException, InterruptedException {
    Path folder = temp.resolve("unpacked-" + image.getFileName());
    run("unsquashfs", "-n", "-strict-errors", "-d", folder.toString(), image.toString());
    return folder;
  }

  static Stream<SquashfsSettings> settings() {
    return Stream.of(
        SquashfsSettings.zstd(18, 2),
        SquashfsSettings.xz(2),
        FAST.stored(),
        SquashfsSettings.xz(1).stored());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void modes_and_links_of_an_extension_are_kept(SquashfsSettings settings)
      throws IOException, InterruptedException {
    Path image = write(frr(), settings);
    String wanted = TreeText.of(frr().withRootMode(0755));
    assertEquals(wanted, reread(image));
    assertEquals(wanted, TreeText.of(unpacked(image)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void unsquashfs_unpacks_any_tree_as_it_was(long seed) throws IOException, InterruptedException {
    FileTree tree = random(seed);
    Path image = write(tree, FAST);
    assertEquals(TreeText.of(tree), TreeText.of(unpacked(image)));
  }

  static LongStream seeds() {
    return LongStream.range(100, 140);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void any_tree_is_read_as_it_was_written(long seed) throws IOException {
    FileTree tree = random(seed);
    String wanted = TreeText.of(tree);
    assertEquals(wanted, reread(write(tree, FAST)));
    assertEquals(wanted, reread(write(tree, FAST.stored())));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void the_kernel_mounts_any_tree(SquashfsSettings settings)
      throws IOException, InterruptedException {
    Requires.that(Files.getAttribute(temp, "unix:uid").equals(0), "only root may mount images");
    FileTree tree = random(7);
    Path folder = Files.createDirectory(temp.resolve("mounted"));
    String image = write(tree, settings).toString();
    run("mount", "-t", "squashfs", "-o", "loop,ro", image, folder.toString());
    try {
      assertEquals(TreeText.of(tree), TreeText.of(folder));
    } finally {
      run("umount", folder.toString());
    }
  }

  @Test
  void owner_and_time_are_nothing() throws IOException, InterruptedException {
    String listing = run("unsquashfs", "-lln", "-UTC", write(frr(), FAST).toString());
    assertEquals(
        """
        drwxr-xr-x 0/0 50 1970-01-01 00:00 squashfs-root
        drwxr-xr-x 0/0 50 1970-01-01 00:00 squashfs-root/bin
        -rwsr-xr-x 0/0 320000 1970-01-01 00:00 squashfs-root/bin/busybox
        -rwsr-xr-x 0/0 320000 1970-01-01 00:00 squashfs-root/bin/sh
        lrwxrwxrwx 0/0 12 1970-01-01 00:00 squashfs-root/bin/vi -> /bin/busybox
        -rw-r--r-- 0/0 0 1970-01-01 00:00 squashfs-root/empty
        drwxrwxrwt 0/0 3 1970-01-01 00:00 squashfs-root/tmp
        """,
        listing.replaceAll(" +", " "));
  }

  @Test
  void directories_of_thousands_of_entries_are_whole() throws IOException, InterruptedException {
    Directory.Builder many = Directory.builder(0755);
    for (int i = 0; i < 6000; i++) {
      many.put("%04d-%s".formatted(i, "x".repeat(i % 200)), file(0644, "file " + i));
    }
    Directory.Builder links = Directory.builder(0755);
    many.build().entries().forEach((name, node) -> links.put("link-" + name, node));
    FileTree tree =
        tree(Directory.builder(0755).put("many", many.build()).put("links", links.build()));
    Path image = write(tree, FAST);
    String wanted = TreeText.of(tree);
    assertEquals(wanted, reread(image));
    assertEquals(wanted, TreeText.of(unpacked(image)));
  }

  @Test
  void an_empty_tree_is_an_image() throws IOException, InterruptedException {
    Path image = write(FileTree.EMPTY, FAST);
    assertEquals("directory 0755 / \n", reread(image));
    assertEquals("directory 0755 / \n", TreeText.of(unpacked(image)));
    assertEquals(4096, Files.size(image));
  }

  @Test
  void equal_files_are_stored_once() throws IOException {
    byte[] noise = new byte[400_000];
    new Random(1).nextBytes(noise);
    Directory.Builder root = Directory.builder(0755);
    root.put("a", new TreeNode.File(0644, Content.of(noise)));
    long once = Files.size(write(tree(root), FAST));
    root.put("b", new TreeNode.File(0600, Content.of(noise)));
    root.put("c", file(0644, "small")).put("d", file(0755, "small"));
    Path image = write(tree(root), FAST);
    assertEquals(once, Files.size(image));
    assertEquals(TreeText.of(tree(root)), reread(image));
  }

  @Test
  void equal_trees_give_equal_bytes_on_every_machine() throws IOException {
    byte[] wanted = Files.readAllBytes(write(random(8), SquashfsSettings.zstd(3, 1)));
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
      for (int threads : new int[] {1, 2, 3, 7}) {
        Path image = write(random(8), SquashfsSettings.zstd(3, threads));
        assertArrayEquals(wanted, Files.readAllBytes(image), threads + " threads");
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void images_are_as_small_as_those_of_mksquashfs() throws IOException, InterruptedException {
    Directory.Builder root = Directory.builder(0755);
    for (int i = 0; i < 20; i++) {
      root.put("tree-" + i, random(200 + i).root());
    }
    FileTree tree = tree(root);
    Path theirs = temp.resolve("theirs");
    mksquashfs(
        onDisk(tree, temp.resolve("tree")), theirs, "-comp", "zstd", "-Xcompression-level", "18");
    long ours = Files.size(write(tree, SquashfsSettings.zstd(18, 2)));
    assertTrue(
        ours <= 1.02 * Files.size(theirs), () -> ours + " bytes, not " + theirs.toFile().length());
  }

  private static void mksquashfs(Path folder, Path image, String... more)
      throws IOException, InterruptedException {
    String[] fixed = {
      folder.toString(),
      image.toString(),
      "-all-root",
      "-noappend",
      "-no-progress",
      "-all-time",
      "0"
    };
    run("mksquashfs", Stream.of(fixed, more).flatMap(Stream::of).toArray(String[]::new));
  }

  static Stream<String> options() {
    return Stream.of(
        "-comp zstd",
        "-comp zstd -always-use-fragments -b 65536",
        "-comp zstd -no-fragments -b 1048576",
        "-comp zstd -noI -noD -noF",
        "-comp zstd -no-exports -no-duplicates",
        "-comp xz -Xdict-size 100%",
        "-comp xz -Xbcj x86 -b 4096");
  }

  @ParameterizedTest
  @MethodSource("options")
  void images_of_mksquashfs_are_read(String options) throws IOException, InterruptedException {
    Directory.Builder root = Directory.builder(0755).put("hole", new TreeNode.File(0644, zeros()));
    root.put("any", random(9).root()).put("more", random(10).root());
    FileTree tree = tree(root);
    Path image = temp.resolve("image");
    mksquashfs(onDisk(tree, temp.resolve("tree")), image, options.split(" "));
    assertEquals(TreeText.of(tree), reread(image));
  }

  private static Content zeros() {
    return Content.of(new byte[700_000]);
  }

  @Test
  void an_image_within_a_file_is_read_too() throws IOException {
    byte[] image = Files.readAllBytes(write(frr(), FAST));
    Path file = temp.resolve("archive");
    Files.write(file, new byte[1234]);
    Files.write(file, image, StandardOpenOption.APPEND);
    SquashfsImage read = SquashfsReader.read(file, 1234, image.length, SquashfsLimits.DEFAULT);
    assertEquals(TreeText.of(frr().withRootMode(0755)), TreeText.of(read.tree()));
    assertEquals(SquashfsCompression.ZSTD, read.superblock().packing().orElseThrow());
  }

  @Test
  void what_no_image_can_hold_is_refused_by_name() {
    assertEquals(
        "dev/null is a character device; leave it out",
        refusal("null", new TreeNode.Special("character device")));
    assertEquals(
        "dev/x cannot stand in a squashfs image: it is over 4 GiB, which no initramfs can hold",
        refusal("x", new TreeNode.File(0644, sized(1L << 32, 0))));
    assertEquals(
        "dev/x cannot stand in a squashfs image: a symbolic link's target is over 4095 bytes",
        refusal("x", new TreeNode.Symlink("x".repeat(4096))));
    assertEquals(
        "dev/x cannot stand in a squashfs image: a symbolic link without a target",
        refusal("x", new TreeNode.Symlink("")));
    String name = "é".repeat(128);
    assertEquals(
        "dev/" + name + " cannot stand in a squashfs image: its name is over 255 bytes",
        refusal(name, file(0644, "")));
  }

  private String refusal(String name, TreeNode node) {
    Directory dev = Directory.builder(0755).put(name, node).build();
    FileTree tree = tree(Directory.builder(0755).put("dev", dev));
    SquashfsException refused = assertThrows(SquashfsException.class, () -> write(tree, FAST));
    return String.valueOf(refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20, 200_000, 600_000})
  void a_file_that_changes_its_size_is_told(int length) {
    for (int size : new int[] {length - 1, length + 1}) {
      FileTree tree =
          tree(Directory.builder(0755).put("log", new TreeNode.File(0644, sized(size, length))));
      IOException failed = assertThrows(IOException.class, () -> write(tree, FAST));
      assertEquals("log: its size changed while it was read; try again", failed.getMessage());
    }
  }

  private static Content sized(long size, int length) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(new byte[length]);
      }
    };
  }
}
