package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.KernelFixture;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage.Packing;
import dev.moonboot.testing.TestImages.Content;
import dev.moonboot.testing.TestLayers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that want to do harm, and layers that are broken. */
class HostileLayersTest {
  private static final Content CONTENT = Content.DEFAULT;
  private static final String AT = "usr/install/amd64/";
  private static final byte[] KERNEL = CONTENT.kernel(AMD64);
  private static final byte[] INITRAMFS = CONTENT.initramfs(AMD64);
  private static final byte[] GOOD = pair().bytes();

  @TempDir Path temp;

  private static TarFixture pair() {
    return new TarFixture().file(AT + "vmlinuz", KERNEL).file(AT + "initramfs.xz", INITRAMFS);
  }

  private BootFiles extract(Layers layers, Limits limits) {
    try {
      Path out = Files.createDirectories(temp.resolve("out"));
      return BootFileExtractor.extract(layers, Wanted.of(AMD64), out, Progress.NONE, limits);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private BootFiles extract(byte[] tar) {
    return extract(TestLayers.ofTar(temp, tar), Limits.DEFAULT);
  }

  private String refusal(Layers layers) {
    return String.valueOf(
        assertThrows(ExtractException.class, () -> extract(layers, Limits.DEFAULT)).getMessage());
  }

  private String refusal(byte[] tar) {
    return refusal(TestLayers.ofTar(temp, tar));
  }

  private String refusal(Packing packing, byte[] content) {
    return refusal(new TestLayers(temp).add(packing.layerType(), content, null));
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), () -> "\"" + text + "\" should contain \"" + part + "\"");
  }

  private static Digest digest(BootFiles files, AssetName name) {
    return Objects.requireNonNull(files.files().get(name)).digest();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../vmlinuz",
        "usr/install/amd64/../../../usr/install/amd64/vmlinuz",
        "usr/install/arm64/../amd64/vmlinuz",
        ".\\..\\vmlinuz",
        "usr\\install\\amd64\\vmlinuz",
        "abs/vmlinuz",
        "LONG/usr/install/amd64/vmlinuz",
        "usr/install/amd64/vmlinuz\uFFFF"
      })
  void x_01_a_name_that_is_not_literally_the_path_is_no_boot_file(String name) throws IOException {
    String written = name.replace("LONG", "x".repeat(5000));
    byte[] tar =
        new TarFixture()
            .entry(written, '0', "", KERNEL)
            .file(AT + "initramfs.xz", INITRAMFS)
            .bytes();
    assertContains("the image has no kernel and initramfs for amd64", refusal(tar));
    try (Stream<Path> left = Files.walk(temp)) {
      assertEquals(
          2, left.filter(path -> !path.getFileName().toString().startsWith("layer-")).count());
    }
  }

  @Test
  void x_01_a_name_with_a_nul_or_broken_utf_8_is_no_boot_file() {
    byte[] nul = TarFixture.paxRecord("path", AT + "vmlinuz\0").getBytes(UTF_8);
    byte[] broken = TarFixture.paxRecord("path", AT + "vmlinuz\u00ff").getBytes(UTF_8);
    broken[broken.length - 2] = (byte) 0xff;
    for (byte[] record : new byte[][] {nul, broken}) {
      byte[] tar =
          new TarFixture()
              .entry("x", 'x', "", record)
              .file("x", KERNEL)
              .file(AT + "initramfs.xz", INITRAMFS)
              .bytes();
      assertContains("the image has no kernel", refusal(tar));
    }
  }

  @Test
  void x_01_leading_slashes_and_dots_are_the_same_path() {
    byte[] tar =
        new TarFixture()
            .file("/usr//install/./amd64/vmlinuz", KERNEL)
            .file("./" + AT + "initramfs.xz", INITRAMFS)
            .bytes();
    assertEquals(Digest.of(KERNEL), digest(extract(tar), AssetName.VMLINUZ));
  }

  @Test
  void x_02_a_link_in_a_directorys_place_changes_nothing_on_disk() throws IOException {
    Path canary = Files.createDirectory(temp.resolve("canary"));
    byte[] tar =
        new TarFixture()
            .symlink("usr/install/amd64", canary.toString())
            .file(AT + "vmlinuz", KERNEL)
            .file(AT + "initramfs.xz", INITRAMFS)
            .bytes();
    assertEquals(Digest.of(KERNEL), digest(extract(tar), AssetName.VMLINUZ));
    try (Stream<Path> inside = Files.list(canary)) {
      assertEquals(0, inside.count());
    }
  }

  @Test
  void x_03_a_chain_of_eight_links_is_followed_and_one_of_nine_is_not() {
    assertEquals(Digest.of(KERNEL), digest(extract(chain(8)), AssetName.VMLINUZ));
    assertContains("vmlinuz is behind more than 8 links", refusal(chain(9)));
  }

  private static byte[] chain(int links) {
    TarFixture tar = new TarFixture().file(AT + "initramfs.xz", INITRAMFS).file("l0", KERNEL);
    for (int i = 1; i < links; i++) {
      tar.symlink("l" + i, "/l" + (i - 1));
    }
    return tar.symlink(AT + "vmlinuz", "../../../../l" + (links - 1)).bytes();
  }

  @Test
  void x_03_links_in_a_circle_and_to_directories_are_refused() {
    byte[] circle =
        new TarFixture().symlink(AT + "vmlinuz", "b").symlink(AT + "b", "vmlinuz").bytes();
    assertContains("is behind more than 8 links", refusal(circle));
    byte[] directory =
        new TarFixture().symlink(AT + "vmlinuz", "..").directory("usr/install").bytes();
    assertContains("vmlinuz is a directory", refusal(directory));
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/shadow, 'is a link to /etc/shadow, which is not in the image'",
    "../../x, 'is a hard link to ../../x, which is outside the image'"
  })
  void x_04_a_hard_link_out_of_the_image_is_refused(String target, String why) {
    byte[] tar =
        new TarFixture()
            .hardLink(AT + "vmlinuz", target)
            .file(AT + "initramfs.xz", INITRAMFS)
            .bytes();
    assertEquals(AT + "vmlinuz " + why, refusal(tar));
  }

  @ParameterizedTest
  @CsvSource({
    "3, a character device",
    "4, a block device",
    "6, a fifo",
    "7, a contiguous file",
    "S, a sparse file",
    "Z, an entry of unknown type",
    "5, a directory"
  })
  void x_05_a_boot_file_is_a_regular_file(char type, String what) {
    byte[] tar =
        new TarFixture()
            .entry(AT + "vmlinuz", type, "", new byte[0])
            .file(AT + "initramfs.xz", INITRAMFS)
            .bytes();
    assertEquals(AT + "vmlinuz is " + what, refusal(tar));
  }

  @Test
  void x_05_a_pax_sparse_file_is_no_regular_file() {
    byte[] tar =
        new TarFixture()
            .paxRecords(
                'x',
                TarFixture.paxRecord("GNU.sparse.major", "1")
                    + TarFixture.paxRecord("GNU.sparse.name", AT + "vmlinuz"))
            .file("GNUSparseFile.0/vmlinuz", KERNEL)
            .file(AT + "initramfs.xz", INITRAMFS)
            .bytes();
    assertEquals(AT + "vmlinuz is a sparse file", refusal(tar));
  }

  @Test
  void x_07_of_two_entries_in_a_layer_the_last_counts_and_the_origin_says_so() {
    byte[] tar =
        new TarFixture()
            .file(AT + "vmlinuz", CONTENT.kernel(ARM64))
            .file(AT + "vmlinuz", KERNEL)
            .file(AT + "initramfs.xz", INITRAMFS)
            .bytes();
    BootFiles files = extract(tar);
    assertEquals(Digest.of(KERNEL), digest(files, AssetName.VMLINUZ));
    assertEquals(
        AT + "vmlinuz (there twice; the last counts)",
        Objects.requireNonNull(files.files().get(AssetName.VMLINUZ)).origin());
  }

  @Test
  void x_07_of_two_layers_the_upper_one_counts() {
    byte[] upper = new TarFixture().file(AT + "vmlinuz", KERNEL).bytes();
    byte[] lower =
        new TarFixture()
            .file(AT + "vmlinuz", CONTENT.kernel(ARM64))
            .file(AT + "initramfs.xz", INITRAMFS)
            .bytes();
    BootFiles files = extract(new TestLayers(temp).addTar(lower).addTar(upper), Limits.DEFAULT);
    assertEquals(Digest.of(KERNEL), digest(files, AssetName.VMLINUZ));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        AT + ".wh.vmlinuz",
        "usr/.wh.install",
        AT + ".wh..wh..opq",
        "usr/.wh..wh..opq",
        ".wh..wh..opq"
      })
  void x_08_what_an_upper_layer_takes_away_is_missing(String whiteout) {
    byte[] upper = new TarFixture().file(whiteout, "").bytes();
    assertContains(
        "the image has no kernel and initramfs for amd64",
        refusal(new TestLayers(temp).addTar(GOOD).addTar(upper)));
  }

  @Test
  void x_08_the_message_says_what_is_missing() {
    byte[] upper = new TarFixture().file(AT + ".wh.vmlinuz", "").bytes();
    assertContains(
        AT + "initramfs.xz is there, but not [" + AT + "vmlinuz]",
        refusal(new TestLayers(temp).addTar(GOOD).addTar(upper)));
  }

  @Test
  void x_08_whiteouts_do_not_hide_what_their_own_layer_has() {
    byte[] upper =
        new TarFixture()
            .file(AT + "vmlinuz", KERNEL)
            .file(AT + "initramfs.xz", INITRAMFS)
            .file(AT + ".wh..wh..opq", "")
            .file(AT + ".wh.vmlinuz", "")
            .bytes();
    byte[] lower = new TarFixture().file(AT + "vmlinuz", "old").bytes();
    BootFiles files = extract(new TestLayers(temp).addTar(lower).addTar(upper), Limits.DEFAULT);
    assertEquals(Digest.of(KERNEL), digest(files, AssetName.VMLINUZ));
  }

  @Test
  void x_09_all_gzip_members_are_read() throws IOException {
    byte[] packed =
        joined(
            gzip(Arrays.copyOfRange(GOOD, 0, 3000)),
            gzip(new byte[0]),
            gzip(Arrays.copyOfRange(GOOD, 3000, GOOD.length)));
    TestLayers layers =
        new TestLayers(temp).add(Packing.OCI_GZIP.layerType(), packed, Digest.of(GOOD));
    assertEquals(Digest.of(KERNEL), digest(extract(layers, Limits.DEFAULT), AssetName.VMLINUZ));
  }

  @Test
  void x_09_damaged_gzip_is_refused() throws IOException {
    byte[] packed = gzip(GOOD);
    byte[] wrongCrc = packed.clone();
    wrongCrc[packed.length - 8] ^= 1;
    byte[] wrongLength = packed.clone();
    wrongLength[packed.length - 1] ^= 1;
    Packing gzip = Packing.OCI_GZIP;
    assertContains("no gzip member", refusal(gzip, joined(packed, "garbage".getBytes(UTF_8))));
    assertContains("no gzip member", refusal(gzip, joined(packed, new byte[1])));
    assertContains("cut off", refusal(gzip, Arrays.copyOf(packed, packed.length - 1)));
    assertContains("cut off", refusal(gzip, Arrays.copyOf(packed, packed.length / 2)));
    assertContains("wrong CRC", refusal(gzip, wrongCrc));
    assertContains("wrong length", refusal(gzip, wrongLength));
  }

  @Test
  void x_10_zstd_frames_and_skippable_frames_are_read() {
    byte[] skippable = {0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'};
    byte[] packed =
        joined(
            skippable,
            Zstd.compress(Arrays.copyOfRange(GOOD, 0, 3000)),
            skippable,
            Zstd.compress(Arrays.copyOfRange(GOOD, 3000, GOOD.length)),
            skippable);
    TestLayers layers =
        new TestLayers(temp).add(Packing.OCI_ZSTD.layerType(), packed, Digest.of(GOOD));
    assertEquals(Digest.of(KERNEL), digest(extract(layers, Limits.DEFAULT), AssetName.VMLINUZ));
  }

  @Test
  void x_10_damaged_zstd_and_large_windows_are_refused() throws IOException {
    byte[] packed = Zstd.compress(GOOD);
    Packing zstd = Packing.OCI_ZSTD;
    assertContains("layer sha256:", refusal(zstd, joined(packed, new byte[8])));
    assertContains("layer sha256:", refusal(zstd, Arrays.copyOf(packed, packed.length - 1)));
    assertContains("Frame requires too much memory", refusal(zstd, longWindow()));
  }

  /** A frame of unknown length with a window of 2^31. */
  private static byte[] longWindow() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
      zstd.write(GOOD);
    }
    byte[] frame = out.toByteArray();
    assertEquals(0, frame[4] & 0x20, "not a frame of a single segment");
    frame[5] = (byte) ((31 - 10) << 3);
    return frame;
  }

  @ParameterizedTest
  @CsvSource({
    "OCI_GZIP, tar, something not compressed",
    "OCI_GZIP, zstd, zstd",
    "OCI_GZIP, xz, xz",
    "DOCKER_GZIP, zstd, zstd",
    "OCI_ZSTD, gzip, gzip",
    "OCI_TAR, xz, xz",
    "OCI_TAR, bzip2, bzip2"
  })
  void x_11_bytes_are_what_the_media_type_says(Packing declared, String actual, String named)
      throws IOException {
    byte[] content =
        switch (actual) {
          case "tar" -> GOOD;
          case "zstd" -> Zstd.compress(GOOD);
          case "xz" -> InitramfsFixture.xz(GOOD);
          case "gzip" -> gzip(GOOD);
          default -> "BZh9".getBytes(UTF_8);
        };
    String refusal = refusal(declared, content);
    assertContains("is declared", refusal);
    assertContains("but begins like " + named, refusal);
  }

  @Test
  void x_11_where_the_media_type_only_says_tar_packed_layers_are_read() throws IOException {
    for (byte[] packed : new byte[][] {gzip(GOOD), Zstd.compress(GOOD)}) {
      String docker = "application/vnd.docker.image.rootfs.diff.tar";
      TestLayers layers = new TestLayers(temp).add(docker, packed, Digest.of(GOOD));
      BootFiles files = extract(layers, Limits.DEFAULT);
      assertEquals(Digest.of(KERNEL), digest(files, AssetName.VMLINUZ));
      for (BootFiles.Found found : files.files().values()) {
        Files.delete(found.file());
      }
    }
  }

  @Test
  void x_11_other_media_types_are_no_layers() {
    assertContains(
        "has the media type application/json",
        refusal(new TestLayers(temp).add("application/json", GOOD, null)));
  }

  @Test
  void x_12_a_bomb_is_given_up_after_64_mebibytes() throws IOException {
    byte[] bomb = bomb(96 << 20);
    TestLayers layers = new TestLayers(temp).add(Packing.OCI_GZIP.layerType(), bomb, null);
    assertContains("unpacks to more than 200 times its size", refusal(layers));
    try (Stream<Path> left = Files.walk(temp.resolve("out"))) {
      assertEquals(1, left.count(), "only the empty directory is left");
    }
  }

  @Test
  void x_12_layers_and_images_have_a_largest_size() throws IOException {
    Limits small = SmallLimits.layers(1 << 20, 3 << 19);
    byte[] big = gzip(new TarFixture().file("big", new byte[2 << 20]).bytes());
    byte[] half = gzip(new TarFixture().file("half", new byte[1 << 19]).bytes());
    String type = Packing.OCI_GZIP.layerType();
    assertContains(
        "unpacks to more than 1 MiB",
        String.valueOf(
            assertThrows(
                    ExtractException.class,
                    () -> extract(new TestLayers(temp).add(type, big, null), small))
                .getMessage()));
    TestLayers three =
        new TestLayers(temp).add(type, half, null).add(type, half, null).add(type, half, null);
    assertContains(
        "the image's layers unpack to more than 1 MiB",
        String.valueOf(
            assertThrows(ExtractException.class, () -> extract(three, small)).getMessage()));
  }

  @Test
  void x_13_entries_are_counted_over_all_layers() {
    TarFixture tar = new TarFixture();
    for (int i = 0; i < 60; i++) {
      tar.file("f" + i, "");
    }
    TestLayers layers = new TestLayers(temp).addTar(tar.bytes()).addTar(tar.bytes());
    Limits limits = SmallLimits.entries(100);
    assertContains(
        "more than 100 tar entries",
        String.valueOf(
            assertThrows(ExtractException.class, () -> extract(layers, limits)).getMessage()));
  }

  @Test
  void x_15_broken_archives_are_refused() {
    byte[] open = pair().unfinished();
    byte[] wrongSum = GOOD.clone();
    wrongSum[0] ^= 1;
    assertContains("wrong checksum", refusal(wrongSum));
    assertContains("cut off", refusal(joined(open, new byte[256])));
    assertContains("cut off", refusal(open));
    assertContains("cut off", refusal(joined(open, new byte[512])));
    assertContains("cut off", refusal(Arrays.copyOf(GOOD, 5000)));
    assertContains("lone zero block", refusal(joined(open, new byte[512], GOOD)));
    assertContains("bytes behind its end", refusal(joined(GOOD, GOOD)));
    assertContains("bytes behind its end", refusal(joined(GOOD, new byte[100])));
    assertEquals(
        Digest.of(KERNEL), digest(extract(joined(GOOD, new byte[10240])), AssetName.VMLINUZ));
  }

  @Test
  void x_15_sizes_that_cannot_be_are_refused() {
    assertContains("negative or impossible size", refusal(sized(h -> fill(h, (byte) 0xff))));
    assertContains(
        "negative or impossible size",
        refusal(sized(h -> h.put(124, (byte) 0x80).put(128, (byte) 0x40))));
    assertContains("malformed number", refusal(sized(h -> h.put(124, (byte) 'x'))));
    byte[] pax = new TarFixture().pax("size", "-1").file(AT + "vmlinuz", "x").bytes();
    assertContains("negative or impossible size", refusal(pax));
    byte[] link = new TarFixture().entry(AT + "vmlinuz", '1', "x", new byte[10]).bytes();
    assertContains("a hard link with a body", refusal(link));
  }

  private static void fill(ByteBuffer header, byte value) {
    for (int i = 124; i < 136; i++) {
      header.put(i, value);
    }
  }

  private static byte[] sized(java.util.function.Consumer<ByteBuffer> change) {
    return new TarFixture().header(AT + "vmlinuz", '0', "", 0, change).bytes();
  }

  @Test
  void x_14_metadata_is_bounded() {
    for (char type : new char[] {'x', 'g', 'L', 'K'}) {
      byte[] tar = new TarFixture().header("m", type, "", 400 << 20, h -> {}).bytes();
      assertContains("extended headers of more than 65536 bytes", refusal(tar));
    }
    TarFixture many = new TarFixture();
    for (int i = 0; i < 70; i++) {
      many.gnuLong('L', "x".repeat(1000));
    }
    assertContains("extended headers of more than 65536 bytes", refusal(many.bytes()));
  }

  @Test
  void x_15_a_global_header_may_not_rename() {
    byte[] tar =
        new TarFixture()
            .paxRecords('g', TarFixture.paxRecord("path", AT + "vmlinuz"))
            .file("x", KERNEL)
            .bytes();
    assertContains("global header that sets path", refusal(tar));
    byte[] harmless =
        joined(
            new TarFixture().paxRecords('g', TarFixture.paxRecord("comment", "x")).unfinished(),
            GOOD);
    assertEquals(Digest.of(KERNEL), digest(extract(harmless), AssetName.VMLINUZ));
  }

  @Test
  void x_16_the_unpacked_bytes_are_what_the_configuration_says() throws IOException {
    TestLayers layers =
        new TestLayers(temp)
            .add(Packing.OCI_GZIP.layerType(), gzip(GOOD), Digest.of(new byte[] {1}));
    assertContains("but the image's configuration says sha256:", refusal(layers));
  }

  @Test
  void x_17_kernels_that_are_none_are_refused() {
    assertEquals(AT + "vmlinuz is empty", refusal(kernel(new byte[0])));
    assertContains(
        "vmlinuz is no Linux kernel: it begins with 6e 6f 74 20",
        refusal(kernel("not a kernel".getBytes(UTF_8))));
    assertContains(
        "vmlinuz is a kernel for arm64 (EFI_ZBOOT), not for amd64",
        refusal(kernel(CONTENT.kernel(ARM64))));
    assertContains(
        "vmlinuz is a kernel for arm64 (ARM64_IMAGE), not for amd64",
        refusal(kernel(CONTENT.rawImage())));
    byte[] disguised = KERNEL.clone();
    ByteBuffer.wrap(disguised)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(0x3c, 0x1000)
        .putInt(0x1000, 0x4550)
        .putShort(0x1004, (short) 0xaa64);
    assertContains("but is an EFI program for PE machine 0xaa64", refusal(kernel(disguised)));
  }

  private static byte[] kernel(byte[] kernel) {
    return new TarFixture()
        .file(AT + "vmlinuz", kernel)
        .file(AT + "initramfs.xz", INITRAMFS)
        .bytes();
  }

  @Test
  void x_17_a_kernel_over_its_limit_is_refused_without_being_written() throws IOException {
    TestLayers layers = TestLayers.ofTar(temp, kernel(new byte[2 << 20]));
    var refusal =
        assertThrows(ExtractException.class, () -> extract(layers, SmallLimits.kernel(1 << 20)));
    assertEquals(AT + "vmlinuz has 2 MiB; at most 1 MiB are allowed", refusal.getMessage());
    try (Stream<Path> left = Files.walk(temp.resolve("out"))) {
      assertEquals(1, left.count(), "only the empty directory is left");
    }
  }

  @Test
  void x_17_initramfs_that_are_none_or_for_another_arch_are_refused() {
    assertContains("initramfs.xz is empty", refusal(initramfs(new byte[0])));
    assertContains(
        "initramfs.xz is no initramfs (zstd, xz, gzip or cpio): it begins with 42 5a",
        refusal(initramfs("BZh9".getBytes(UTF_8))));
    assertContains(
        "initramfs.xz is an initramfs whose init is for arm64, not for amd64",
        refusal(initramfs(CONTENT.initramfs(ARM64))));
  }

  private static byte[] initramfs(byte[] initramfs) {
    return new TarFixture()
        .file(AT + "vmlinuz", KERNEL)
        .file(AT + "initramfs.xz", initramfs)
        .bytes();
  }

  @Test
  void a_file_that_differs_from_a_checksum_list_is_refused() {
    String sums = "0".repeat(64) + " *./amd64/vmlinuz\n";
    byte[] tar = joined(new TarFixture().file("usr/install/SHA256SUMS", sums).unfinished(), GOOD);
    assertContains("vmlinuz does not match usr/install/SHA256SUMS", refusal(tar));
    byte[] own =
        joined(
            new TarFixture().file(AT + "initramfs.xz.sha256", "1".repeat(64) + "\n").unfinished(),
            GOOD);
    assertContains("initramfs.xz does not match " + AT + "initramfs.xz.sha256", refusal(own));
  }

  @Test
  void a_uki_for_another_arch_is_refused() {
    byte[] tar = new TarFixture().file(AT + "vmlinuz.efi", CONTENT.uki(ARM64)).bytes();
    assertEquals(AT + "vmlinuz.efi is for arm64, not for amd64", refusal(tar));
  }

  @Test
  void an_interrupted_extraction_ends() {
    Thread.currentThread().interrupt();
    assertThrows(java.io.UncheckedIOException.class, () -> extract(GOOD));
    assertTrue(Thread.interrupted());
  }

  @Test
  void nothing_is_left_of_a_zboot_whose_payload_lies() {
    byte[] zboot = KernelFixture.zboot(KernelFixture.bzImage("6.1"), "gzip");
    Wanted arm = Wanted.of(Arch.ARM64);
    byte[] tar =
        new TarFixture()
            .file("usr/install/arm64/vmlinuz", zboot)
            .file("usr/install/arm64/initramfs.xz", CONTENT.initramfs(ARM64))
            .bytes();
    var refusal =
        assertThrows(
            ExtractException.class,
            () -> BootFileExtractor.extract(TestLayers.ofTar(temp, tar), arm, temp, Progress.NONE));
    assertContains("with no arm64 Image inside", String.valueOf(refusal.getMessage()));
  }

  private static byte[] bomb(int bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(new TarFixture().header(AT + "vmlinuz", '0', "", bytes, h -> {}).unfinished());
      for (int i = 0; i < bytes >> 20; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    return out.toByteArray();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
