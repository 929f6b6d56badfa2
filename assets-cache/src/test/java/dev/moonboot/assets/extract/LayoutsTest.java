package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.testing.KernelFixture;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import dev.moonboot.testing.TestImages.Content;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every shape of image that carries a kernel and an initramfs. */
class LayoutsTest {
  private static final Content CONTENT = Content.DEFAULT;

  @TempDir Path temp;

  private TestLayers layers(TestImage image, Arch arch) throws IOException {
    return TestLayers.of(
        image.platform(arch), Files.createDirectories(temp.resolve("in-" + arch.id())));
  }

  private BootFiles extract(Layers layers, Wanted wanted) throws IOException {
    Path out = Files.createDirectories(temp.resolve("out-" + wanted.arch().id()));
    return BootFileExtractor.extract(layers, wanted, out, Progress.NONE);
  }

  private static byte[] bytes(BootFiles files, AssetName name) throws IOException {
    Found found = Objects.requireNonNull(files.files().get(name));
    byte[] bytes = Files.readAllBytes(found.file());
    assertEquals(Digest.of(bytes), found.digest());
    assertEquals(bytes.length, found.size());
    return bytes;
  }

  @Test
  void a_zboot_kernel_that_is_not_unpacked_is_told_of() throws IOException {
    byte[] kernel = KernelFixture.zboot(new byte[100], "lz4");
    byte[] tar =
        new TarFixture()
            .file("usr/install/arm64/vmlinuz", kernel)
            .file("usr/install/arm64/initramfs.xz", CONTENT.initramfs(ARM64))
            .bytes();
    BootFiles files = extract(TestLayers.ofTar(temp, tar), Wanted.of(ARM64));
    assertFalse(files.files().containsKey(AssetName.IMAGE));
    assertEquals(
        List.of(
            "the raw kernel: its EFI zboot program is packed with neither gzip, xz nor zstd, so"
                + " that only UEFI firmware can start it"),
        files.leftOut());
  }

  private static String origin(BootFiles files, AssetName name) {
    return Objects.requireNonNull(files.files().get(name)).origin();
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void an_installer_gives_what_is_in_its_uki_and_its_base_is_not_fetched(Arch arch)
      throws IOException {
    TestLayers layers = layers(TestImages.installer(CONTENT), arch);
    BootFiles files = extract(layers, Wanted.of(arch));
    assertEquals(List.of(1), layers.fetched());
    assertArrayEquals(CONTENT.kernel(arch), bytes(files, AssetName.VMLINUZ));
    assertArrayEquals(CONTENT.initramfs(arch), bytes(files, AssetName.INITRAMFS));
    assertArrayEquals(CONTENT.uki(arch), bytes(files, AssetName.UKI));
    assertEquals(CONTENT.cmdline() + "\n", new String(bytes(files, AssetName.CMDLINE), UTF_8));
    assertEquals("installer UKI", files.layout());
    assertEquals("v1.13.9", files.talosVersion());
    assertEquals("6.18.9-talos", files.kernelRelease());
    assertEquals(List.of("hello v1.0.0"), files.extensions());
    assertEquals(
        ".linux of usr/install/" + arch.id() + "/vmlinuz.efi in layer 2 of 2",
        origin(files, AssetName.VMLINUZ));
  }

  @Test
  void an_arm64_kernel_is_unwrapped_beside() throws IOException {
    BootFiles files = extract(layers(TestImages.installer(CONTENT), ARM64), Wanted.of(ARM64));
    assertArrayEquals(CONTENT.rawImage(), bytes(files, AssetName.IMAGE));
    assertEquals("vmlinuz unwrapped (zboot, zstd)", origin(files, AssetName.IMAGE));
  }

  @Test
  void nothing_but_the_boot_files_is_left_in_the_directory() throws IOException {
    BootFiles files = extract(layers(TestImages.imager(CONTENT), ARM64), Wanted.of(ARM64));
    try (Stream<Path> left = Files.list(temp.resolve("out-arm64"))) {
      assertEquals(
          files.files().values().stream().map(Found::file).collect(Collectors.toSet()),
          left.collect(Collectors.toSet()));
    }
    assertEquals(
        Set.of(AssetName.VMLINUZ, AssetName.INITRAMFS, AssetName.CMDLINE, AssetName.IMAGE),
        files.files().keySet());
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void an_imager_gives_the_pair_of_the_wanted_arch_whatever_its_own_platform(Arch arch)
      throws IOException {
    TestLayers layers = layers(TestImages.imager(CONTENT), AMD64);
    BootFiles files = extract(layers, new Wanted(arch, BootPaths.KNOWN_LAYOUTS, "v1.13.9"));
    assertArrayEquals(CONTENT.kernel(arch), bytes(files, AssetName.VMLINUZ));
    assertArrayEquals(CONTENT.initramfs(arch), bytes(files, AssetName.INITRAMFS));
    assertEquals("plain pair", files.layout());
    assertEquals("v1.13.9", files.talosVersion());
    assertEquals("Talos's default for metal v1.13.9", origin(files, AssetName.CMDLINE));
    assertEquals(
        TalosCmdline.metal("v1.13.9", arch, Compression.ZSTD) + "\n",
        new String(bytes(files, AssetName.CMDLINE), UTF_8));
  }

  @Test
  void x_03_links_are_followed_inside_the_image() throws IOException {
    TestLayers layers = layers(TestImages.installer17(CONTENT), AMD64);
    BootFiles files = extract(layers, Wanted.of(AMD64));
    assertArrayEquals(CONTENT.kernel(AMD64), bytes(files, AssetName.VMLINUZ));
    assertArrayEquals(TestImages.installer17Initramfs(CONTENT), bytes(files, AssetName.INITRAMFS));
    assertEquals(Set.of(1), Set.copyOf(layers.fetched()));
    assertEquals(
        "usr/install/amd64/vmlinuz -> usr/install/amd64/.k in layer 2 of 2",
        origin(files, AssetName.VMLINUZ));
    assertEquals("Talos's default for metal, version unknown", origin(files, AssetName.CMDLINE));
    assertEquals(
        TalosCmdline.metal("v1.7.0", AMD64, Compression.XZ) + "\n",
        new String(bytes(files, AssetName.CMDLINE), UTF_8));
  }

  @Test
  void a_matchbox_image_gives_its_assets() throws IOException {
    TestLayers layers = layers(TestImages.matchbox(CONTENT), AMD64);
    BootFiles files = extract(layers, Wanted.of(AMD64));
    assertEquals("pair in var/lib/matchbox/assets", files.layout());
    assertArrayEquals(CONTENT.kernel(AMD64), bytes(files, AssetName.VMLINUZ));
    assertEquals(List.of(1), layers.fetched());
  }

  @Test
  void an_asset_container_gives_files_that_match_its_checksums() throws IOException {
    TestLayers layers = layers(TestImages.assetContainer(CONTENT), ARM64);
    BootFiles files = extract(layers, Wanted.of(ARM64));
    assertEquals("asset container", files.layout());
    assertArrayEquals(CONTENT.initramfs(ARM64), bytes(files, AssetName.INITRAMFS));
  }

  @Test
  void an_image_that_lies_about_its_platform_is_refused_with_what_it_holds() throws IOException {
    TestLayers layers = layers(TestImages.assetContainer(CONTENT), AMD64);
    var refusal = assertThrows(ExtractException.class, () -> extract(layers, Wanted.of(AMD64)));
    assertEquals(
        "the image has no kernel and initramfs for amd64: named like boot files are only"
            + " assets/talos/arm64/boot/initramfs.xz, assets/talos/arm64/boot/vmlinuz",
        refusal.getMessage());
  }

  @Test
  void given_paths_and_patterns_win_over_known_layouts() throws IOException {
    byte[] tar =
        new TarFixture()
            .file("usr/install/amd64/vmlinuz", "not this")
            .file("opt/os/kernel-6.18", CONTENT.kernel(AMD64))
            .file("opt/os/ram.img", CONTENT.initramfs(AMD64))
            .bytes();
    BootPaths paths = BootPaths.pair("opt/**/kernel-*", "/opt/os/ram.img");
    BootFiles files = extract(TestLayers.ofTar(temp, tar), new Wanted(AMD64, paths, "edge"));
    assertEquals("given pair", files.layout());
    assertArrayEquals(CONTENT.kernel(AMD64), bytes(files, AssetName.VMLINUZ));
    assertEquals("", files.talosVersion());
  }

  @Test
  void a_given_pattern_must_fit_one_file_only() {
    byte[] tar = new TarFixture().file("a/k1", "x").file("a/k2", "x").bytes();
    var refusal =
        assertThrows(
            ExtractException.class,
            () ->
                extract(TestLayers.ofTar(temp, tar), new Wanted(AMD64, BootPaths.uki("a/k?"), "")));
    assertEquals("several files of the image fit a/k?: [a/k1, a/k2]", refusal.getMessage());
  }

  @Test
  void a_uki_anywhere_below_an_install_directory_is_found() throws IOException {
    byte[] tar = new TarFixture().file("opt/installer/vmlinuz.efi", CONTENT.uki(AMD64)).bytes();
    BootFiles files = extract(TestLayers.ofTar(temp, tar), Wanted.of(AMD64));
    assertEquals("UKI", files.layout());
  }

  @Test
  void a_boot_directory_with_several_kernels_pairs_them_by_suffix() throws IOException {
    byte[] tar =
        new TarFixture()
            .file("boot/initramfs-2.xz", CONTENT.initramfs(AMD64))
            .file("boot/vmlinuz-1", CONTENT.kernel(ARM64))
            .file("boot/vmlinuz-2", CONTENT.kernel(AMD64))
            .file("boot/vmlinuz-arm64", CONTENT.kernel(ARM64))
            .bytes();
    BootFiles files = extract(TestLayers.ofTar(temp, tar), Wanted.of(AMD64));
    assertEquals("pair in boot", files.layout());
    assertEquals("boot/vmlinuz-2", origin(files, AssetName.VMLINUZ));
  }

  @Test
  void a_layer_that_is_a_uki_by_itself_is_taken_apart() throws IOException {
    TestLayers layers = new TestLayers(temp).add(LayerPacking.RAW_FILE, CONTENT.uki(ARM64), null);
    BootFiles files = extract(layers, Wanted.of(ARM64));
    assertEquals("raw UKI", files.layout());
    assertArrayEquals(CONTENT.initramfs(ARM64), bytes(files, AssetName.INITRAMFS));
  }

  @Test
  void a_pair_spread_over_layers_is_put_together() throws IOException {
    TestLayers layers =
        new TestLayers(temp)
            .addTar(new TarFixture().file("etc/passwd", "root").bytes())
            .addTar(
                new TarFixture()
                    .file("usr/install/amd64/vmlinuz", CONTENT.kernel(AMD64))
                    .file("usr/install/amd64/initramfs.xz", "old")
                    .bytes())
            .addTar(
                new TarFixture()
                    .file("usr/install/amd64/initramfs.xz", CONTENT.initramfs(AMD64))
                    .bytes());
    BootFiles files = extract(layers, Wanted.of(AMD64));
    assertArrayEquals(CONTENT.initramfs(AMD64), bytes(files, AssetName.INITRAMFS));
    assertEquals(List.of(2, 1), layers.fetched());
  }

  @Test
  void an_initramfs_replaced_on_top_of_a_hard_link_leaves_the_link_its_content()
      throws IOException {
    String at = "usr/install/amd64/";
    TestLayers layers =
        new TestLayers(temp)
            .addTar(
                new TarFixture()
                    .file(at + "k", CONTENT.kernel(AMD64))
                    .hardLink(at + "vmlinuz", at + "k")
                    .bytes())
            .addTar(
                new TarFixture()
                    .file(at + "k", "replaced later")
                    .file(at + "initramfs.xz", CONTENT.initramfs(AMD64))
                    .bytes());
    BootFiles files = extract(layers, Wanted.of(AMD64));
    assertArrayEquals(CONTENT.kernel(AMD64), bytes(files, AssetName.VMLINUZ));
  }

  @Test
  void a_directory_that_is_a_link_is_followed_to_a_lower_layer() throws IOException {
    TestLayers layers =
        new TestLayers(temp)
            .addTar(
                new TarFixture()
                    .file("opt/talos/vmlinuz", CONTENT.kernel(AMD64))
                    .file("opt/talos/initramfs.xz", CONTENT.initramfs(AMD64))
                    .bytes())
            .addTar(new TarFixture().symlink("usr/install/amd64", "/opt/../../opt/talos").bytes());
    BootFiles files = extract(layers, Wanted.of(AMD64));
    assertEquals("plain pair", files.layout());
    assertEquals(
        "usr/install/amd64/vmlinuz -> opt/talos/vmlinuz in layer 1 of 2",
        origin(files, AssetName.VMLINUZ));
  }
}
