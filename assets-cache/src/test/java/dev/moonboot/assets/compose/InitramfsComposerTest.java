package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.assets.compose.ComposeCase.MARKER;
import static dev.moonboot.assets.compose.ComposeCase.V1_13;
import static dev.moonboot.assets.compose.ComposeCase.V1_7;
import static dev.moonboot.assets.compose.ComposeCase.base;
import static dev.moonboot.assets.compose.ComposeCase.bytes;
import static dev.moonboot.assets.compose.ComposeCase.compose;
import static dev.moonboot.assets.compose.ComposeCase.contents;
import static dev.moonboot.assets.compose.ComposeCase.entries;
import static dev.moonboot.assets.compose.ComposeCase.extension;
import static dev.moonboot.assets.compose.ComposeCase.file;
import static dev.moonboot.assets.compose.ComposeCase.frr;
import static dev.moonboot.assets.compose.ComposeCase.images;
import static dev.moonboot.assets.compose.ComposeCase.joined;
import static dev.moonboot.assets.compose.ComposeCase.order;
import static dev.moonboot.assets.compose.ComposeCase.replacing;
import static dev.moonboot.assets.compose.ComposeCase.whole;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.compose.ComposedInitramfs.Origin;
import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.squashfs.SquashfsReader;
import dev.moonboot.assets.squashfs.SquashfsSettings;
import dev.moonboot.assets.squashfs.SquashfsWriter;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsComposerTest {
  private static final String INTEL = "kernel/x86/microcode/GenuineIntel.bin";
  private static final String AMD = "kernel/x86/microcode/AuthenticAMD.bin";

  @TempDir Path temp;
  private Path base;

  @BeforeEach
  void writeBase() throws IOException {
    base = Files.write(temp.resolve("initramfs.xz"), InitramfsFixture.zstd(base(AMD64)));
  }

  private static Extension ucode(String name, String prefix) {
    return extension(
        name,
        new TreeBuilder()
            .put("usr/lib/firmware/intel-ucode/06-03-02", file(0644, prefix + "2"))
            .put("usr/lib/firmware/intel-ucode/06-03-01", file(0644, prefix + "1"))
            .put("usr/lib/firmware/amd-ucode/microcode_amd.bin", file(0644, prefix + "amd"))
            .put("usr/lib/firmware/amd-ucode/README", file(0644, "text")));
  }

  private static Extension firmware() {
    return extension(
        "i915",
        new TreeBuilder()
            .put("usr/lib/firmware/i915/a.bin", file(0640, "firmware ".repeat(99)))
            .put("usr/lib/firmware/i915/b.bin", new TreeNode.Symlink("a.bin"))
            .put("usr/local/share/i915", file(0644, "about it")));
  }

  @Test
  void a_base_and_two_extensions_become_one_file_and_two_parts() throws IOException {
    ComposedInitramfs composed = compose(order(base, MARKER, frr(), extension("hello")), temp);
    assertEquals(List.of("000-frr.sqsh", "001-hello.sqsh", "002-schematic.sqsh"), images(composed));
    assertEquals(
        List.of(Origin.ADDED, Origin.ADDED, Origin.MADE),
        composed.layers().stream().map(Layer::origin).toList());
    Found file = requireNonNull(composed.whole());
    byte[] first = bytes(requireNonNull(composed.base()).file());
    byte[] second = bytes(requireNonNull(composed.extensions()).file());
    assertArrayEquals(bytes(base), first, "the base's bytes are what they were");
    assertArrayEquals(joined(first, second), whole(composed));
    assertEquals(
        List.of(
            "100755 init",
            "100644 rootfs.sqsh",
            "100644 000-frr.sqsh",
            "100644 001-hello.sqsh",
            "100644 002-schematic.sqsh",
            "100644 extensions.yaml"),
        entries(file.file()));
    assertEquals(Digest.of(whole(composed)), file.digest());
    assertEquals(whole(composed).length, file.size());
    Map<String, byte[]> contents = contents(file.file());
    for (Layer layer : composed.layers()) {
      byte[] image = requireNonNull(contents.get(layer.image()));
      assertEquals(Digest.of(image), layer.digest());
      assertEquals(image.length, layer.size());
    }
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(
          List.of("base", "extensions", "initramfs.xz", "whole"),
          left.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void extensions_yaml_says_what_init_reads() throws IOException {
    ComposedInitramfs composed = compose(order(base, MARKER, frr()), temp);
    assertEquals(
        """
        layers:
            - image: '000-frr.sqsh'
              metadata:
                  name: frr
                  version: v1.0.2
                  author: Fixture
                  description: |
                      about frr
                  compatibility:
                      talos:
                          version: '>= v1.5.0'
            - image: '001-schematic.sqsh'
              metadata:
                  name: schematic
                  version: %s
                  author: 'moonboot (https://example.test)'
                  description: Virtual extension which specifies the schematic that the image was made from.
                  compatibility:
                      talos:
                          version: '>= 1.0.0'
                  extraInfo: |
                      customization: {}
        """
            .formatted(MARKER.id()),
        new String(
            contents(requireNonNull(composed.whole()).file()).get("extensions.yaml"), UTF_8));
  }

  @Test
  void unsquashfs_sees_what_the_extension_has() throws IOException, InterruptedException {
    ComposedInitramfs composed = compose(order(base, null, frr()), temp);
    byte[] image = contents(requireNonNull(composed.whole()).file()).get("000-frr.sqsh");
    Files.write(temp.resolve("0.sqsh"), requireNonNull(image));
    String listed = ComposeCase.run(temp, "unsquashfs", "-lln", "0.sqsh");
    List<String> lines =
        listed
            .lines()
            .filter(line -> line.contains("squashfs-root"))
            .map(line -> line.replaceAll(" +\\d+ 1970-01-01 00:00 squashfs-root", ""))
            .toList();
    assertEquals(
        List.of(
            "drwxr-xr-x 0/0",
            "drwxr-xr-x 0/0/dev",
            "drwxr-xr-x 0/0/usr",
            "drwxr-xr-x 0/0/usr/local",
            "drwxr-xr-x 0/0/usr/local/etc",
            "drwxr-xr-x 0/0/usr/local/etc/containers",
            "-rw-r--r-- 0/0/usr/local/etc/containers/frr.yaml",
            "drwxr-xr-x 0/0/usr/local/lib",
            "drwxr-xr-x 0/0/usr/local/lib/containers",
            "drwxr-xr-x 0/0/usr/local/lib/containers/frr",
            "drwxr-xr-x 0/0/usr/local/lib/containers/frr/bin",
            "lrwxrwxrwx 0/0/usr/local/lib/containers/frr/bin/ash -> /bin/bash",
            "-rwsr-xr-x 0/0/usr/local/lib/containers/frr/bin/bash",
            "-rwsr-xr-x 0/0/usr/local/lib/containers/frr/bin/sh",
            "drwxrwxrwt 0/0/usr/local/lib/containers/frr/tmp"),
        lines);
    assertTrue(composed.report().contains("frr: left out dev/null"), composed.report()::toString);
  }

  @Test
  void microcode_of_all_extensions_stands_in_front_in_the_order_of_the_list()
      throws IOException, InterruptedException {
    ComposedInitramfs composed =
        compose(order(base, null, ucode("one", "a"), extension("x"), ucode("two", "b")), temp);
    byte[] whole = whole(composed);
    assertEquals("070701", new String(whole, 0, 6, UTF_8));
    Path early = Files.write(temp.resolve("early"), Arrays.copyOf(whole, 2048));
    assertEquals(
        "kernel\nkernel/x86\nkernel/x86/microcode\n" + AMD + "\n" + INTEL + "\n",
        ComposeCase.run(temp, "sh", "-c", "cpio -t --quiet < early"));
    Map<String, byte[]> contents = contents(requireNonNull(composed.whole()).file());
    assertEquals("a1a2b1b2", new String(contents.get(INTEL), UTF_8));
    assertEquals("aamdbamd", new String(contents.get(AMD), UTF_8));
    assertEquals("text", new String(contents.get("usr/lib/firmware/amd-ucode/README"), UTF_8));
    byte[] part = bytes(requireNonNull(composed.extensions()).file());
    assertArrayEquals(Arrays.copyOf(whole, 1024), Arrays.copyOf(part, 1024), "first in its part");
    assertEquals(0, part.length % 4, "what a loader puts behind it stands aligned");
    assertTrue(Files.exists(early));
  }

  @Test
  void arm64_has_no_early_microcode() throws IOException {
    Path arm = Files.write(temp.resolve("arm"), InitramfsFixture.zstd(base(ARM64)));
    InitramfsOrder order =
        new InitramfsOrder(
            arm, List.of(ucode("a", "a")), false, null, V1_13, ARM64, true, false, 1);
    ComposedInitramfs composed = compose(order, temp);
    assertEquals(
        List.of(
            "100755 init",
            "100644 rootfs.sqsh",
            "100644 000-a.sqsh",
            "100644 extensions.yaml",
            "40755 usr",
            "40755 usr/lib",
            "40755 usr/lib/firmware",
            "40755 usr/lib/firmware/amd-ucode",
            "100644 usr/lib/firmware/amd-ucode/README",
            "100644 usr/lib/firmware/amd-ucode/microcode_amd.bin",
            "40755 usr/lib/firmware/intel-ucode",
            "100644 usr/lib/firmware/intel-ucode/06-03-01",
            "100644 usr/lib/firmware/intel-ucode/06-03-02"),
        entries(requireNonNull(composed.whole()).file()));
    assertNull(composed.base());
    assertNull(composed.extensions());
  }

  @Test
  void firmware_stands_in_the_initramfs_and_not_in_the_layer() throws IOException {
    ComposedInitramfs composed = compose(order(base, null, firmware()), temp);
    Path whole = requireNonNull(composed.whole()).file();
    assertEquals(
        List.of(
            "100755 init",
            "100644 rootfs.sqsh",
            "100644 000-i915.sqsh",
            "100644 extensions.yaml",
            "40755 usr",
            "40755 usr/lib",
            "40755 usr/lib/firmware",
            "40755 usr/lib/firmware/i915",
            "100640 usr/lib/firmware/i915/a.bin",
            "120777 usr/lib/firmware/i915/b.bin"),
        entries(whole));
    byte[] image = contents(whole).get("000-i915.sqsh");
    Path file = Files.write(temp.resolve("0"), requireNonNull(image));
    List<String> paths = new ArrayList<>();
    SquashfsReader.read(file).tree().walk((path, _) -> paths.add(path));
    assertEquals(
        List.of("usr", "usr/lib", "usr/local", "usr/local/share", "usr/local/share/i915"), paths);
  }

  @Test
  void before_1_10_firmware_stands_beside_usr() throws IOException {
    Extension old =
        extension("old", new TreeBuilder().put("lib/firmware/x.bin", file(0644, "firmware")));
    Path xz = Files.write(temp.resolve("xz"), InitramfsFixture.xz(base(AMD64)));
    ComposedInitramfs composed = compose(order(xz, V1_7, null, old), temp);
    assertTrue(contents(requireNonNull(composed.whole()).file()).containsKey("lib/firmware/x.bin"));
  }

  @Test
  void before_1_8_all_is_packed_with_xz_and_a_check_that_the_kernel_knows()
      throws IOException, InterruptedException {
    byte[] packed = InitramfsFixture.xz(base(AMD64));
    Path xz = Files.write(temp.resolve("xz"), packed);
    ComposedInitramfs composed = compose(order(xz, V1_7, MARKER, firmware()), temp);
    Path part = requireNonNull(composed.extensions()).file();
    Files.copy(part, temp.resolve("part.xz"));
    assertTrue(
        ComposeCase.run(temp, "xz", "--list", "part.xz").contains("CRC32"), "checked with CRC32");
    byte[] image = contents(part).get("000-i915.sqsh");
    assertEquals(4, requireNonNull(image)[20], "xz, as the superblock has it");
  }

  @Test
  void twelve_extensions_keep_their_order_however_names_are_sorted() throws IOException {
    Extension[] twelve = new Extension[12];
    Arrays.setAll(twelve, i -> extension("e" + (11 - i)));
    ComposedInitramfs composed = compose(order(base, MARKER, twelve), temp);
    assertEquals(13, composed.layers().size());
    assertEquals(new ArrayList<>(new TreeSet<>(images(composed))), images(composed));
    assertEquals(
        "e11 e10 e9 e8 e7 e6 e5 e4 e3 e2 e1 e0 schematic",
        String.join(
            " ", composed.layers().stream().map(layer -> layer.manifest().name()).toList()));
  }

  @Test
  void a_composed_base_keeps_its_extensions_as_they_are_and_gets_new_ones_on_top()
      throws IOException {
    ComposedInitramfs first =
        compose(order(base, MARKER, frr(), ucode("u", "a"), firmware()), temp.resolve("first"));
    Path again = requireNonNull(first.whole()).file();
    ComposedInitramfs second =
        compose(order(again, MARKER, ucode("v", "b"), extension("hello")), temp.resolve("second"));
    assertEquals(
        List.of(
            "000-frr.sqsh",
            "001-u.sqsh",
            "002-i915.sqsh",
            "003-v.sqsh",
            "004-hello.sqsh",
            "005-schematic.sqsh"),
        images(second));
    for (int i = 0; i < 3; i++) {
      assertEquals(first.layers().get(i).digest(), second.layers().get(i).digest());
      assertEquals(first.layers().get(i).manifest(), second.layers().get(i).manifest());
      assertEquals(Origin.KEPT, second.layers().get(i).origin());
    }
    Map<String, byte[]> contents = contents(requireNonNull(second.whole()).file());
    assertEquals("a1a2b1b2", new String(contents.get(INTEL), UTF_8), "the kernel reads one file");
    assertTrue(contents.containsKey("usr/lib/firmware/i915/a.bin"));
    ComposedInitramfs once =
        compose(
            order(
                base,
                MARKER,
                frr(),
                ucode("u", "a"),
                firmware(),
                ucode("v", "b"),
                extension("hello")),
            temp.resolve("once"));
    assertArrayEquals(whole(once), whole(second), "in two steps as in one");
  }

  @Test
  void a_composed_base_can_have_its_extensions_replaced() throws IOException {
    ComposedInitramfs first =
        compose(order(base, MARKER, frr(), ucode("u", "a"), firmware()), temp.resolve("first"));
    InitramfsOrder order =
        replacing(order(requireNonNull(first.whole()).file(), MARKER, extension("hello")));
    ComposedInitramfs second = compose(order, temp.resolve("second"));
    ComposedInitramfs direct = compose(order(base, MARKER, extension("hello")), temp.resolve("d"));
    assertArrayEquals(whole(direct), whole(second));
  }

  @Test
  void the_base_s_own_early_files_stay_in_front() throws IOException {
    byte[] early =
        InitramfsFixture.cpio(out -> {
          out.directory("kernel", 0755);
          out.directory("kernel/e2e", 0755);
          out.file("kernel/e2e/early.txt", 0644, "early".getBytes(UTF_8));
        });
    Path with =
        Files.write(
            temp.resolve("with"),
            joined(early, new byte[512], InitramfsFixture.zstd(base(AMD64)), new byte[3]));
    ComposedInitramfs composed =
        compose(replacing(order(with, null, ucode("u", "a"))), temp.resolve("out"));
    assertEquals(
        List.of(
            "40755 kernel",
            "40755 kernel/e2e",
            "100644 kernel/e2e/early.txt",
            "40755 kernel/x86",
            "40755 kernel/x86/microcode"),
        entries(requireNonNull(composed.whole()).file()).subList(0, 5));
  }

  @Test
  void what_else_the_base_has_stays_before_the_extensions() throws IOException {
    byte[] more = InitramfsFixture.cpio(out -> out.file("more", 0644, "more".getBytes(UTF_8)));
    Path with =
        Files.write(
            temp.resolve("with"),
            joined(InitramfsFixture.zstd(base(AMD64)), new byte[7], InitramfsFixture.xz(more)));
    ComposedInitramfs composed = compose(order(with, null, extension("a")), temp.resolve("out"));
    assertEquals(
        List.of(
            "100755 init",
            "100644 rootfs.sqsh",
            "100644 more",
            "100644 000-a.sqsh",
            "100644 extensions.yaml"),
        entries(requireNonNull(composed.whole()).file()));
  }

  /** With modules of a kernel in the root file system. */
  private Path baseWithModules(String release) throws IOException {
    TreeBuilder rootfs = new TreeBuilder();
    rootfs.put("usr/lib/modules/" + release + "/kernel/a.ko", file(0644, "no module"));
    Path image = temp.resolve("rootfs");
    SquashfsWriter.write(rootfs.build(), image, SquashfsSettings.zstd(1, 1));
    byte[] talos =
        InitramfsFixture.cpio(out -> {
          out.file("init", 0755, InitramfsFixture.elf(AMD64));
          out.file("rootfs.sqsh", 0644, bytes(image));
        });
    return Files.write(temp.resolve("modular"), InitramfsFixture.zstd(talos));
  }

  private static Extension driver(String name, String release) {
    return extension(
        name,
        new TreeBuilder()
            .put("usr/lib/modules/" + release + "/extras/" + name + ".ko", file(0644, name)));
  }

  @Test
  void modules_of_another_kernel_are_refused() throws IOException {
    Path modular = baseWithModules("6.12.1-talos");
    String refusal =
        String.valueOf(
            assertThrows(
                    ComposeException.class,
                    () -> compose(order(modular, null, driver("zfs", "6.12.2-talos")), temp))
                .getMessage());
    assertTrue(
        refusal.contains("extension ghcr.io/acme/zfs:v1 has modules for the kernel"), refusal);
  }

  @Test
  void modules_of_all_extensions_are_indexed_in_a_last_layer_and_anew_each_time()
      throws IOException {
    Requires.program("depmod");
    Path modular = baseWithModules("6.12.1-talos");
    Extension zfs = driver("zfs", "6.12.1-talos");
    Extension drbd = driver("drbd", "6.12.1-talos");
    ComposedInitramfs first = compose(order(modular, MARKER, zfs), temp.resolve("first"));
    assertEquals(
        List.of("000-zfs.sqsh", "001-schematic.sqsh", "002-modules.dep.sqsh"), images(first));
    assertEquals("6.12.1-talos", first.layers().getLast().manifest().version());
    ComposedInitramfs second =
        compose(order(requireNonNull(first.whole()).file(), MARKER, drbd), temp.resolve("second"));
    ComposedInitramfs once = compose(order(modular, MARKER, zfs, drbd), temp.resolve("once"));
    assertArrayEquals(whole(once), whole(second));
  }

  @Test
  void an_extension_of_no_files_is_a_layer_of_none() throws IOException {
    ComposedInitramfs composed =
        compose(order(base, null, extension("empty", new TreeBuilder())), temp);
    assertEquals(List.of("000-empty.sqsh"), images(composed));
    byte[] image = contents(requireNonNull(composed.whole()).file()).get("000-empty.sqsh");
    Path file = Files.write(temp.resolve("0"), requireNonNull(image));
    assertEquals(Map.of(), SquashfsReader.read(file).tree().root().entries());
  }

  /** As Talos's imager writes it of an extension whose maker had another umask. */
  @Test
  void a_kept_layer_may_have_another_root_mode_since_it_is_below_others() throws IOException {
    FileTree tree = extension("kept").rootfs();
    byte[] image = ComposeCase.withRootMode(0775, tree, temp.resolve("kept"));
    byte[] list =
        """
        layers:
            - image: 0.sqsh
              metadata:
                  name: kept
                  version: v1
        """
            .getBytes(UTF_8);
    byte[] archive =
        InitramfsFixture.cpio(out -> {
          out.file("0.sqsh", 0644, image);
          out.file("extensions.yaml", 0644, list);
        });
    Path with =
        Files.write(temp.resolve("with"), joined(bytes(base), InitramfsFixture.zstd(archive)));
    ComposedInitramfs composed =
        compose(order(with, null, extension("hello")), temp.resolve("composed"));
    assertEquals(List.of("000-kept.sqsh", "001-hello.sqsh"), images(composed));
  }

  /** With GNU cpio, which puts the content with the last of the names. */
  @Test
  void hard_links_of_a_kept_archive_keep_their_content() throws IOException, InterruptedException {
    String at = "usr/lib/firmware";
    ComposedInitramfs first = compose(order(base, null, frr()), temp.resolve("first"));
    ComposeCase.run(
        temp,
        "sh",
        "-c",
        "mkdir -p f/%1$s && cd f && printf words >%1$s/b && ln %1$s/b %1$s/a && chmod 640 %1$s/b"
                .formatted(at)
            + " && find usr | LC_ALL=C sort | cpio -o -H newc --quiet >../firmware");
    byte[] firmware = bytes(temp.resolve("firmware"));
    Path linked =
        Files.write(
            temp.resolve("linked"),
            joined(
                bytes(requireNonNull(first.whole()).file()),
                InitramfsFixture.zstd(firmware, firmware)));
    ComposedInitramfs second = compose(order(linked, null, extension("x")), temp.resolve("next"));
    Path whole = requireNonNull(second.whole()).file();
    for (String name : List.of(at + "/a", at + "/b")) {
      assertEquals("words", new String(requireNonNull(contents(whole).get(name)), UTF_8), name);
      assertTrue(entries(whole).contains("100640 " + name), name);
    }
  }

  @Test
  void a_layer_that_is_a_hard_link_is_refused() throws IOException, InterruptedException {
    ComposeCase.run(
        temp,
        "sh",
        "-c",
        "mkdir l && cd l && printf hsqs >0.sqsh && ln 0.sqsh 1.sqsh && ls | cpio -o -H newc --quiet"
            + " >../layers");
    byte[] layers = InitramfsFixture.zstd(bytes(temp.resolve("layers")));
    Path with = Files.write(temp.resolve("with"), joined(bytes(base), layers));
    assertEquals(
        "the base's layer \"0.sqsh\" is a hard link, which is not taken over; take another base, or"
            + " replace its extensions (existing: replace)",
        assertThrows(ComposeException.class, () -> compose(order(with, null), temp)).getMessage());
  }

  @Test
  void more_layers_than_a_node_mounts_are_refused_with_those_of_the_base() throws IOException {
    ComposedInitramfs first =
        compose(order(base, null, extension("a"), extension("b")), temp.resolve("first"));
    Path again = requireNonNull(first.whole()).file();
    Extension[] many = new Extension[244];
    Arrays.setAll(many, i -> extension("e" + i));
    InitramfsOrder order = order(again, new TalosVersion(1, 11, 5, ""), MARKER, many);
    assertEquals(
        "247 layers are too many, 2 of them kept from the base: a node with Talos v1.11.5 mounts at"
            + " most 246; leave extensions out, replace those of the base (existing: replace), or put"
            + " several into one image",
        assertThrows(ComposeException.class, () -> compose(order, temp.resolve("next")))
            .getMessage());
  }

  @Test
  void firmware_that_the_kernel_would_leave_out_is_refused_with_the_extension_s_name() {
    Extension odd =
        extension(
            "odd",
            new TreeBuilder()
                .put("usr/lib/firmware/" + "\u00e4".repeat(128), file(0644, "firmware")));
    String refusal =
        String.valueOf(
            assertThrows(ComposeException.class, () -> compose(order(base, null, odd), temp))
                .getMessage());
    assertTrue(
        refusal.startsWith("extension ghcr.io/acme/odd:v1: usr/lib/firmware/\u00e4"), refusal);
    assertTrue(
        refusal.endsWith(
            "cannot stand in an initramfs: its name has over 4095 bytes, or over 255 in one part;"
                + " leave the extension out, or have its maker shorten it"),
        refusal);
  }

  @Test
  void nothing_ordered_is_the_base() throws IOException {
    ComposedInitramfs composed = compose(order(base, null), temp);
    assertArrayEquals(bytes(base), whole(composed));
    assertNull(composed.extensions());
    assertEquals(List.of(), composed.layers());
  }

  @Test
  void an_extension_that_the_base_has_already_lies_on_top_and_is_told() throws IOException {
    ComposedInitramfs first = compose(order(base, null, frr()), temp.resolve("first"));
    ComposedInitramfs second =
        compose(order(requireNonNull(first.whole()).file(), null, frr()), temp.resolve("second"));
    assertEquals(List.of("000-frr.sqsh", "001-frr.sqsh"), images(second));
    assertTrue(
        second.report().contains("frr: lies on top of another of that name"),
        second.report()::toString);
  }

  @Test
  void a_marker_s_id_can_be_no_path() {
    for (String id : List.of("", "../x", "AB", "a/b", "a".repeat(129))) {
      assertThrows(IllegalArgumentException.class, () -> new InitramfsOrder.Marker(id, "", ""));
    }
  }

  @Test
  void a_base_that_lists_what_it_has_not_is_refused() throws IOException {
    byte[] bad =
        InitramfsFixture.cpio(
            out -> out.file("extensions.yaml", 0644, "layers:\n- image: 0.sqsh\n".getBytes(UTF_8)));
    Path with = Files.write(temp.resolve("bad"), joined(bytes(base), InitramfsFixture.zstd(bad)));
    assertEquals(
        "the base's extensions.yaml names the layer \"0.sqsh\", which is not there, so the base does"
            + " not boot; take another base, or replace its extensions (existing: replace)",
        assertThrows(ComposeException.class, () -> compose(order(with, null), temp)).getMessage());
    assertArrayEquals(bytes(base), whole(compose(replacing(order(with, null)), temp.resolve("r"))));
  }

  @Test
  void a_base_with_a_layer_that_is_none_is_refused() throws IOException {
    byte[] old = InitramfsFixture.extensions(List.of(new InitramfsFixture.Extension("old", "v1")));
    Path with = Files.write(temp.resolve("old"), joined(bytes(base), InitramfsFixture.zstd(old)));
    ComposeException refusal =
        assertThrows(ComposeException.class, () -> compose(order(with, null), temp));
    assertEquals(
        "the base's extension old v1 is no squashfs image that the kernel mounts (the squashfs image"
            + " is cut off, or points behind its end); take another base, or replace its extensions"
            + " (existing: replace)",
        refusal.getMessage());
  }

  @Test
  void what_is_no_base_is_refused() throws IOException {
    byte[] more = InitramfsFixture.cpio(out -> out.file("more", 0644, new byte[0]));
    byte[] both =
        InitramfsFixture.cpio(out -> {
          out.file("init", 0755, new byte[0]);
          out.file("0.sqsh", 0644, new byte[0]);
        });
    for (byte[] bad :
        List.of(more, InitramfsFixture.zstd(both), new byte[100], "x".getBytes(UTF_8))) {
      Path file = Files.write(temp.resolve("bad"), bad);
      assertThrows(ComposeException.class, () -> compose(order(file, null), temp));
    }
  }
}
