package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.assets.compose.ComposeCase.base;
import static dev.moonboot.assets.compose.ComposeCase.file;
import static dev.moonboot.assets.compose.ComposeCase.joined;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.compose.ComposedInitramfs.Origin;
import dev.moonboot.assets.compose.InitramfsCheck.Meant;
import dev.moonboot.assets.squashfs.SquashfsSettings;
import dev.moonboot.assets.squashfs.SquashfsWriter;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.testing.InitramfsFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Breaks one thing after the other in an initramfs that is as it should be. */
class InitramfsCheckTest {
  private static final String IMAGE = "000-hello.sqsh";

  @TempDir Path temp;
  private Scratch scratch;
  private FileTree tree;
  private byte[] image;
  private Layer layer;

  private static final FileTree EARLY =
      new TreeBuilder().put("kernel/x86/microcode/GenuineIntel.bin", file(0644, "ucode")).build();

  private static final FileTree FIRMWARE =
      new TreeBuilder().put("usr/lib/firmware/a.bin", file(0644, "firmware")).build();

  @BeforeEach
  void pack() throws IOException {
    scratch = new Scratch(temp.resolve("scratch"));
    tree = new TreeBuilder().put("usr/local/bin/hello", file(0755, "hello")).build();
    image = squashfs(tree);
    layer = layer(image);
  }

  @AfterEach
  void clean() {
    scratch.close();
  }

  private byte[] squashfs(FileTree of) throws IOException {
    Path file = temp.resolve("image");
    SquashfsWriter.write(of, file, SquashfsSettings.zstd(3, 1));
    return Files.readAllBytes(file);
  }

  private static Layer layer(byte[] image) {
    return layer(IMAGE, "hello", image);
  }

  private static Layer layer(String file, String name, byte[] image) {
    return new Layer(
        file, ComposeCase.manifest(name), Origin.ADDED, image.length, Digest.of(image));
  }

  private List<String> problems(byte[]... parts) throws IOException {
    return problems(Map.of(IMAGE, tree), parts);
  }

  private List<String> problems(Map<String, FileTree> trees, byte[]... parts) throws IOException {
    Path[] files = new Path[parts.length];
    for (int i = 0; i < parts.length; i++) {
      files[i] = Files.write(temp.resolve("part" + i), parts[i]);
    }
    return problems(List.of(layer), trees, files);
  }

  private List<String> problems(List<Layer> layers, Map<String, FileTree> trees, Path... files) {
    Meant meant = new Meant(AMD64, "usr/lib/modules", layers, trees, EARLY, FIRMWARE);
    return new InitramfsCheck(meant, scratch).problems(List.of(files));
  }

  private static byte[] early() {
    return cpio(EARLY);
  }

  private static byte[] cpio(FileTree of) {
    return InitramfsFixture.cpio(out -> CpioTree.write(of, out));
  }

  private byte[] layers() {
    return layers(IMAGE, image, ExtensionsText.of(List.of(layer)));
  }

  private static byte[] layers(String name, byte[] image, byte[] list) {
    return InitramfsFixture.cpio(out -> {
      out.file(name, 0644, image);
      out.file("extensions.yaml", 0644, list);
    });
  }

  private static byte[] zstd(byte[] archive) {
    return InitramfsFixture.zstd(archive);
  }

  private byte[] rest() {
    return joined(zstd(layers()), zstd(cpio(FIRMWARE)));
  }

  private static byte[] talos() {
    return zstd(base(AMD64));
  }

  @Test
  void what_is_as_it_should_be_passes_whole_and_in_parts() throws IOException {
    assertEquals(List.of(), problems(joined(early(), talos(), rest())));
    assertEquals(List.of(), problems(joined(early(), rest()), talos()));
  }

  @Test
  void a_layer_that_is_listed_must_be_there() throws IOException {
    byte[] other = layers("001-hello.sqsh", image, ExtensionsText.of(List.of(layer)));
    assertEquals(
        List.of(
            "001-hello.sqsh is not in extensions.yaml", "000-hello.sqsh is listed, but not there"),
        problems(joined(early(), talos(), zstd(other), zstd(cpio(FIRMWARE)))));
  }

  @Test
  void the_list_must_be_the_one_that_was_meant() throws IOException {
    byte[] none = layers(IMAGE, image, "layers: []\n".getBytes(UTF_8));
    assertEquals(
        List.of(
            "extensions.yaml lists [], not [hello v1.0.2 (000-hello.sqsh)]",
            "000-hello.sqsh is not in extensions.yaml"),
        problems(joined(early(), talos(), zstd(none), zstd(cpio(FIRMWARE)))));
    byte[] broken = layers(IMAGE, image, "layers: [\n".getBytes(UTF_8));
    assertTrue(
        problems(joined(early(), talos(), zstd(broken), zstd(cpio(FIRMWARE))))
            .getFirst()
            .startsWith("extensions.yaml is no YAML"));
  }

  @Test
  void a_later_list_counts() throws IOException {
    byte[] later =
        InitramfsFixture.cpio(
            out -> out.file("extensions.yaml", 0644, "layers: []\n".getBytes(UTF_8)));
    assertEquals(
        "extensions.yaml lists [], not [hello v1.0.2 (000-hello.sqsh)]",
        problems(joined(early(), talos(), rest(), zstd(later))).getFirst());
  }

  @Test
  void a_layer_must_be_an_image_that_the_kernel_mounts() throws IOException {
    for (int at : new int[] {0, 20, 28}) { // magic, compression, version
      byte[] broken = image.clone();
      broken[at] ^= 1;
      byte[] list = ExtensionsText.of(List.of(layer));
      String told =
          problems(
                  joined(early(), talos(), zstd(layers(IMAGE, broken, list)), zstd(cpio(FIRMWARE))))
              .getFirst();
      assertTrue(
          told.startsWith("000-hello.sqsh is no squashfs image that the kernel mounts"), told);
    }
    byte[] half = Arrays.copyOf(image, 200);
    byte[] archive = layers(IMAGE, half, ExtensionsText.of(List.of(layer)));
    assertTrue(
        problems(joined(early(), talos(), zstd(archive), zstd(cpio(FIRMWARE))))
            .getFirst()
            .startsWith("000-hello.sqsh is no squashfs image"));
  }

  @Test
  void a_layer_must_hold_what_was_packed() throws IOException {
    FileTree more = new TreeBuilder().put("usr/local/bin/hello", file(0644, "hello")).build();
    assertEquals(
        List.of("000-hello.sqsh has other files than the extension"),
        problems(Map.of(IMAGE, more), joined(early(), talos(), rest())));
    byte[] other = squashfs(more);
    byte[] archive = layers(IMAGE, other, ExtensionsText.of(List.of(layer)));
    assertEquals(
        List.of("000-hello.sqsh has other bytes than were packed"),
        problems(joined(early(), talos(), zstd(archive), zstd(cpio(FIRMWARE)))));
  }

  @Test
  void xz_must_have_a_check_that_the_kernel_knows() throws IOException {
    for (int check : new int[] {XZ.CHECK_CRC64, XZ.CHECK_SHA256}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(0), check)) {
        xz.write(layers());
      }
      byte[] front = joined(early(), talos());
      assertEquals(
          List.of("the archive at byte " + front.length + " is xz with a check other than CRC32"),
          problems(joined(front, out.toByteArray(), zstd(cpio(FIRMWARE)))));
    }
    byte[] crc32 = InitramfsFixture.xz(layers());
    assertEquals(List.of(), problems(joined(early(), talos(), crc32, zstd(cpio(FIRMWARE)))));
  }

  @Test
  void one_archive_is_one_zstd_frame() throws IOException {
    byte[] archive = layers();
    int half = archive.length / 2 & ~3;
    byte[] frames =
        joined(
            Zstd.compress(Arrays.copyOf(archive, half)),
            Zstd.compress(Arrays.copyOfRange(archive, half, archive.length)));
    assertTrue(
        problems(joined(early(), talos(), frames))
            .getFirst()
            .startsWith("an archive in it cannot be read: a cpio archive is cut off"));
  }

  @Test
  void other_packings_than_talos_knows_are_told() throws IOException {
    byte[] gzip = InitramfsFixture.gzip(layers());
    byte[] front = joined(early(), talos());
    assertEquals(
        List.of(
            "the archive at byte "
                + front.length
                + " is gzip, which kernels of Talos cannot unpack"),
        problems(joined(front, gzip, zstd(cpio(FIRMWARE)))));
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
    assertEquals(
        List.of(
            "the archive at byte " + front.length + " is no archive that kernels of Talos know"),
        problems(joined(front, skippable, rest())));
  }

  @Test
  void what_is_plain_must_be_aligned() throws IOException {
    byte[] front = joined(early(), talos(), rest());
    byte[] misaligned = joined(front, new byte[(int) (4 - front.length % 4L) + 1]);
    byte[] more = InitramfsFixture.cpio(out -> out.file("more", 0644, new byte[0]));
    assertEquals(
        List.of(
            "the archive at byte " + misaligned.length + " is plain and not at a multiple of 4"),
        problems(joined(misaligned, more)));
  }

  @Test
  void junk_between_archives_is_told() throws IOException {
    assertTrue(
        problems(joined(early(), talos(), new byte[] {1}, rest()))
            .getFirst()
            .startsWith("an archive in it cannot be read: unknown bytes at"));
  }

  @Test
  void early_files_must_stand_in_front() throws IOException {
    byte[] front = joined(talos(), new byte[4]);
    byte[] aligned = Arrays.copyOf(front, front.length & ~3);
    assertEquals(
        List.of(
            "kernel/x86/microcode/GenuineIntel.bin is for the early kernel, but does not stand in"
                + " front"),
        problems(joined(aligned, early(), rest())));
    assertEquals(
        List.of("early file kernel/x86/microcode/GenuineIntel.bin is missing"),
        problems(joined(talos(), rest())));
  }

  @Test
  void a_file_before_its_directory_is_told() throws IOException {
    byte[] archive = cpio(FIRMWARE);
    int at = new String(archive, UTF_8).indexOf("usr/lib\0");
    assertTrue(at > 0, "an entry for the directory");
    archive[at + 4] = 'L';
    assertEquals(
        List.of("usr/lib/firmware stands before its directory, so the kernel leaves it out"),
        problems(joined(early(), talos(), zstd(layers()), zstd(archive))).subList(0, 1));
  }

  @Test
  void firmware_must_be_there_as_it_was() throws IOException {
    assertEquals(
        List.of("file usr/lib/firmware/a.bin is missing"),
        problems(joined(early(), talos(), zstd(layers()))));
    FileTree other =
        new TreeBuilder().put("usr/lib/firmware/a.bin", file(0644, "Firmware")).build();
    assertEquals(
        List.of("file usr/lib/firmware/a.bin is another"),
        problems(joined(early(), talos(), zstd(layers()), zstd(cpio(other)))));
  }

  @Test
  void init_and_root_file_system_must_be_there() throws IOException {
    assertEquals(
        List.of("it has no init", "it has no rootfs.sqsh"), problems(joined(early(), rest())));
  }

  /** What is told of a base with other files than Talos's. */
  private List<String> ofBase(InitramfsFixture.Entries base) throws IOException {
    return problems(joined(early(), zstd(InitramfsFixture.cpio(base)), rest()));
  }

  private List<String> ofInit(int mode, byte[] init) throws IOException {
    return ofBase(out -> {
      out.file("init", mode, init);
      out.file("rootfs.sqsh", 0644, image);
    });
  }

  @Test
  void init_must_be_a_program_that_the_kernel_starts() throws IOException {
    byte[] elf = InitramfsFixture.elf(AMD64);
    assertEquals(List.of(), ofInit(0755, elf));
    assertEquals(List.of(), ofInit(0100, "#!/bin/busybox sh\n".getBytes(UTF_8)));
    assertEquals(List.of("init has mode 0644, so it cannot be started"), ofInit(0644, elf));
    assertEquals(
        List.of("init is a program for another machine than amd64"),
        ofInit(0755, InitramfsFixture.elf(ARM64)));
    elf[4] = 1; // of 32 bits
    assertEquals(List.of("init is a program for another machine than amd64"), ofInit(0755, elf));
    for (byte[] none : new byte[][] {{}, {0x7f, 'E', 'L', 'F'}, "exit 0\n".getBytes(UTF_8)}) {
      assertEquals(
          List.of("init is no program: it is neither ELF nor a script"), ofInit(0755, none));
    }
    assertEquals(
        List.of("init is no regular file"),
        ofBase(out -> {
          out.symlink("init", "sbin/init");
          out.file("rootfs.sqsh", 0644, image);
        }));
  }

  @Test
  void init_may_have_several_names() throws IOException, InterruptedException {
    for (String order : List.of("init\\nother\\n", "other\\ninit\\n")) {
      Path folder = Files.createTempDirectory(temp, "base");
      Files.write(folder.resolve("init"), InitramfsFixture.elf(AMD64));
      Files.write(folder.resolve("rootfs.sqsh"), image);
      ComposeCase.run(folder, "sh", "-c", "chmod 755 init && ln init other");
      ComposeCase.run(
          folder,
          "sh",
          "-c",
          "printf 'rootfs.sqsh\\n" + order + "' | cpio -o -H newc --quiet >../linked");
      byte[] linked = Files.readAllBytes(temp.resolve("linked"));
      assertEquals(List.of(), problems(joined(early(), zstd(linked), rest())));
    }
  }

  @Test
  void the_root_file_system_must_be_an_image_that_the_kernel_mounts() throws IOException {
    record Broken(int at, int value, String told) {}
    byte[] rootfs = InitramfsFixture.squashfs(tree);
    for (Broken broken :
        List.of(
            new Broken(0, 'H', "it is no squashfs image"),
            new Broken(20, 1, "it is packed with method 1, not with xz (4) or zstd (6)"),
            new Broken(28, 3, "it is of squashfs 3.0, not 4.0"),
            new Broken(30, 1, "it is of squashfs 4.1, not 4.0"),
            new Broken(
                44,
                1,
                "it has %d bytes of %d".formatted(rootfs.length, used(rootfs) + (1L << 32))))) {
      byte[] bad = rootfs.clone();
      bad[broken.at] = (byte) broken.value;
      assertEquals(List.of("rootfs.sqsh is nothing to mount: " + broken.told), ofRootfs(bad));
    }
    assertEquals(
        List.of("rootfs.sqsh is nothing to mount: no file, or too short a one"),
        ofRootfs(new byte[95]));
    bytes(rootfs).putShort(20, (short) 4);
    assertEquals(List.of(), ofRootfs(rootfs), "xz is unpacked, too");
  }

  private List<String> ofRootfs(byte[] rootfs) throws IOException {
    return ofBase(out -> {
      out.file("init", 0755, InitramfsFixture.elf(AMD64));
      out.file("rootfs.sqsh", 0644, rootfs);
    });
  }

  private static ByteBuffer bytes(byte[] image) {
    return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long used(byte[] image) {
    return bytes(image).getLong(40);
  }

  @Test
  void a_file_in_the_place_of_a_directory_is_told() throws IOException {
    byte[] file = InitramfsFixture.cpio(out -> out.file("usr", 0644, new byte[0]));
    byte[] link = InitramfsFixture.cpio(out -> out.symlink("usr", "/"));
    for (byte[] odd : List.of(file, link)) {
      for (byte[] archives :
          List.of(
              joined(early(), talos(), zstd(odd), rest()),
              joined(early(), talos(), rest(), zstd(odd)))) {
        assertEquals(
            List.of("usr comes as a directory and as something else: the kernel keeps but one"),
            problems(archives));
      }
    }
  }

  @Test
  void a_layer_is_listed_once() throws IOException {
    byte[] twice = layers(IMAGE, image, ExtensionsText.of(List.of(layer, layer)));
    assertEquals(
        List.of(
            "extensions.yaml lists [hello v1.0.2 (000-hello.sqsh), hello v1.0.2"
                + " (000-hello.sqsh)], not [hello v1.0.2 (000-hello.sqsh)]",
            "000-hello.sqsh is listed twice"),
        problems(joined(early(), talos(), zstd(twice), zstd(cpio(FIRMWARE)))));
    Path file =
        Files.write(
            temp.resolve("part"), joined(early(), talos(), zstd(twice), zstd(cpio(FIRMWARE))));
    assertEquals(
        List.of("000-hello.sqsh is listed twice"),
        problems(List.of(layer, layer), Map.of(IMAGE, tree), file),
        "even where it was meant");
  }

  /** As if these files of an archive were one with several names. */
  private static byte[] linked(byte[] archive, String... names) {
    byte[] linked = archive.clone();
    for (String name : names) {
      int header = new String(archive, ISO_8859_1).indexOf(name + "\0") - 110;
      assertTrue(header >= 0, name);
      System.arraycopy("00000007".getBytes(UTF_8), 0, linked, header + 6, 8); // inode
      System.arraycopy("00000002".getBytes(UTF_8), 0, linked, header + 38, 8); // names
    }
    return linked;
  }

  @Test
  void files_that_were_written_are_files_of_their_own() throws IOException {
    byte[] odd = linked(layers(), IMAGE, "extensions.yaml");
    assertEquals(
        List.of(
            "000-hello.sqsh has several names: the kernel writes all of them into one file",
            "extensions.yaml has several names: the kernel writes all of them into one file"),
        problems(joined(early(), talos(), zstd(odd), zstd(cpio(FIRMWARE)))));
    assertEquals(
        List.of("file usr/lib/firmware/a.bin is another"),
        problems(
            joined(
                early(),
                talos(),
                zstd(layers()),
                zstd(linked(cpio(FIRMWARE), "usr/lib/firmware/a.bin")))));
  }

  @Test
  void an_image_ends_with_a_whole_sector() throws IOException {
    byte[] padded = image;
    image = Arrays.copyOf(padded, (int) used(padded));
    assertTrue(image.length % 512 > 0, "nothing is cut off it");
    layer = layer(image);
    assertEquals(
        List.of("000-hello.sqsh does not end with a whole sector: the kernel sees less of it"),
        problems(joined(early(), talos(), rest())));
    byte[] rootfs = InitramfsFixture.squashfs(tree);
    int length = (int) used(rootfs);
    image = padded;
    layer = layer(image);
    assertEquals(
        List.of(
            "rootfs.sqsh is nothing to mount: it has %d bytes of %d"
                .formatted(length / 512 * 512, length)),
        ofRootfs(Arrays.copyOf(rootfs, length)));
  }

  @Test
  void a_layer_has_nothing_that_is_not_root_s() throws IOException {
    ByteBuffer bytes = bytes(image);
    bytes.putInt((int) bytes.getLong((int) bytes.getLong(48)) + 2, 1000);
    layer = layer(image);
    assertEquals(
        List.of("000-hello.sqsh has files that are not root's"),
        problems(joined(early(), talos(), rest())));
    assertEquals(
        List.of(), problems(Map.of(), joined(early(), talos(), rest())), "but for what was kept");
  }

  @Test
  void the_mode_of_the_root_directory_is_that_of_the_layer_on_top() throws IOException {
    byte[] odd = ComposeCase.withRootMode(0775, tree, temp.resolve("odd"));
    String other = "001-other.sqsh";
    for (boolean onTop : new boolean[] {false, true}) {
      byte[] first = onTop ? image : odd;
      byte[] second = onTop ? odd : image;
      List<Layer> layers = List.of(layer(IMAGE, "hello", first), layer(other, "other", second));
      byte[] archive =
          InitramfsFixture.cpio(out -> {
            out.file(IMAGE, 0644, first);
            out.file(other, 0644, second);
            out.file("extensions.yaml", 0644, ExtensionsText.of(layers));
          });
      Path file =
          Files.write(
              temp.resolve("part"), joined(early(), talos(), zstd(archive), zstd(cpio(FIRMWARE))));
      assertEquals(
          onTop
              ? List.of("001-other.sqsh is on top, and gives / the mode 0775, not 0755")
              : List.of(),
          problems(layers, Map.of(), file));
    }
  }

  @Test
  void the_index_of_kernel_modules_is_the_last_layer() throws IOException {
    FileTree modules =
        new TreeBuilder().put("usr/lib/modules/6.12.1-talos/a.ko", file(0644, "module")).build();
    byte[] packed = squashfs(modules);
    byte[] talos =
        InitramfsFixture.cpio(out -> {
          out.file("init", 0755, InitramfsFixture.elf(AMD64));
          out.file("rootfs.sqsh", 0644, packed);
        });
    String last = "001-modules.dep.sqsh";
    for (String first : List.of("modules.dep", "zfs")) {
      List<Layer> layers =
          List.of(
              layer(IMAGE, first, packed),
              layer(last, first.equals("zfs") ? "modules.dep" : "zfs", packed));
      byte[] archive =
          InitramfsFixture.cpio(out -> {
            out.file(IMAGE, 0644, packed);
            out.file(last, 0644, packed);
            out.file("extensions.yaml", 0644, ExtensionsText.of(layers));
          });
      Path file =
          Files.write(
              temp.resolve("part"),
              joined(early(), zstd(talos), zstd(archive), zstd(cpio(FIRMWARE))));
      assertEquals(
          first.equals("zfs")
              ? List.of()
              : List.of(
                  "modules.dep is not the last layer, so modules of those over it are not found"),
          problems(layers, Map.of(IMAGE, modules, last, modules), file));
    }
    layer = layer(packed);
    byte[] alone = layers(IMAGE, packed, ExtensionsText.of(List.of(layer)));
    assertEquals(
        List.of("layers have kernel modules, and there is no modules.dep to find them by"),
        problems(
            Map.of(IMAGE, modules),
            joined(early(), zstd(talos), zstd(alone), zstd(cpio(FIRMWARE)))));
  }

  @Test
  void a_plain_archive_stands_behind_parts_of_a_multiple_of_4_bytes() throws IOException {
    byte[] part = joined(early(), rest());
    byte[] plain = base(AMD64);
    byte[] aligned = Arrays.copyOf(part, part.length + (int) (-part.length & 3L));
    assertEquals(List.of(), problems(aligned, plain));
    byte[] odd = Arrays.copyOf(aligned, aligned.length + 2);
    assertEquals(
        List.of(
            "a plain archive stands behind parts of " + odd.length + " bytes, no multiple of 4"),
        problems(odd, plain));
    assertEquals(List.of(), problems(odd, talos()), "what is packed may stand anywhere");
  }

  @Test
  void modules_must_be_of_the_base_s_kernel() throws IOException {
    FileTree modules =
        new TreeBuilder().put("usr/lib/modules/6.12.1-talos/a.ko", file(0644, "module")).build();
    byte[] packed = squashfs(modules);
    layer = layer(IMAGE, "modules.dep", packed);
    byte[] archive = layers(IMAGE, packed, ExtensionsText.of(List.of(layer)));
    for (String release : List.of("6.12.1-talos", "6.12.2-talos")) {
      byte[] rootfs =
          squashfs(
              new TreeBuilder()
                  .put("usr/lib/modules/" + release + "/b.ko", file(0644, "b"))
                  .build());
      byte[] talos =
          InitramfsFixture.cpio(out -> {
            out.file("init", 0755, InitramfsFixture.elf(AMD64));
            out.file("rootfs.sqsh", 0644, rootfs);
          });
      assertEquals(
          release.equals("6.12.1-talos")
              ? List.of()
              : List.of(
                  "000-hello.sqsh has modules for the kernel 6.12.1-talos, the base for"
                      + " [6.12.2-talos]"),
          problems(
              Map.of(IMAGE, modules),
              joined(early(), zstd(talos), zstd(archive), zstd(cpio(FIRMWARE)))));
    }
  }

  @Test
  void a_refusal_says_what_is_wrong_and_what_to_do() throws IOException {
    Path bad = Files.write(temp.resolve("bad"), joined(early(), rest()));
    Meant meant =
        new Meant(AMD64, "usr/lib/modules", List.of(layer), Map.of(IMAGE, tree), EARLY, FIRMWARE);
    assertEquals(
        "the composed initramfs would not boot as it should, so it is not published: it has no"
            + " init; it has no rootfs.sqsh. Try another base or other extensions, and report this",
        assertThrows(
                ComposeException.class,
                () -> new InitramfsCheck(meant, scratch).require(List.of(bad)))
            .getMessage());
  }
}
