package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.testing.TestImages.deviceTree;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImages;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareImagesTest extends FileImageCase {
  private BootFiles firmware(TarFixture tar) {
    return files(Content.FIRMWARE, ARM64, TestLayers.ofTar(temp, tar.bytes()));
  }

  private String refusal(TarFixture tar) {
    return refusal(Content.FIRMWARE, ARM64, TestLayers.ofTar(temp, tar.bytes()));
  }

  private static Set<String> names(BootFiles files) {
    return files.files().keySet().stream().map(AssetName::fileName).collect(Collectors.toSet());
  }

  @Test
  void an_overlay_gives_firmware_u_boot_and_what_is_for_single_boards() throws IOException {
    BootFiles files = firmware(TestImages.raspberryPiLayer(2));
    assertEquals("overlay sbc-raspberrypi", files.layout());
    assertEquals(Content.FIRMWARE, files.content());
    assertEquals(
        Set.of(
            "bootcode.bin",
            "start.elf",
            "start4.elf",
            "fixup4.dat",
            "LICENCE.broadcom",
            "bcm2711-rpi-4-b.dtb",
            "bcm2712-rpi-5-b.dtb",
            "overlays/README",
            "overlays/overlay-0.dtbo",
            "overlays/overlay-1.dtbo",
            "u-boot.bin",
            "u-boot/rpi_5/u-boot.bin",
            "rpi_5/bcm2712-rpi-5-b.dtb",
            "rpi_5/overlays/README"),
        names(files));
    assertArrayEquals(
        deviceTree("overlay 1"), bytes(files, AssetName.file("overlays/overlay-1.dtbo")));
    assertEquals("U-Boot", new String(bytes(files, AssetName.file("u-boot.bin")), UTF_8));
    assertArrayEquals(
        bytes(files, AssetName.file("rpi_5/bcm2712-rpi-5-b.dtb")),
        bytes(files, AssetName.file("bcm2712-rpi-5-b.dtb")));
  }

  @Test
  void what_would_rewrite_flash_memory_is_left_out_and_that_is_said() {
    assertEquals(
        List.of(
            "artifacts/arm64/firmware/boot/PIEEPROM.SIG: it would rewrite the board's flash memory",
            "artifacts/arm64/firmware/boot/pieeprom.upd: it would rewrite the board's flash memory",
            "artifacts/arm64/firmware/boot/recovery.bin: it would rewrite the board's flash memory"),
        firmware(TestImages.raspberryPiLayer(0)).leftOut());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "recovery.bin",
        "Recovery.BIN",
        "sub/recovery.bin",
        "pieeprom.upd",
        "pieeprom.sig"
      })
  void by_whatever_path_or_link_it_would_come(String name) {
    TarFixture tar =
        new TarFixture()
            .file("boot/bcm2711-rpi-4-b.dtb", deviceTree("4"))
            .file("opt/update", "writes to flash memory")
            .symlink("boot/" + name, "/opt/update");
    BootFiles files = firmware(tar);
    assertEquals(Set.of("bcm2711-rpi-4-b.dtb"), names(files));
    assertEquals(
        List.of("boot/" + name + ": it would rewrite the board's flash memory"), files.leftOut());
  }

  @ParameterizedTest
  @ValueSource(strings = {"boot/firmware/", "boot/", ""})
  void other_images_have_one_folder_of_them(String folder) {
    TarFixture tar =
        new TarFixture()
            .file(folder + "start4.elf", "\u007fELF…")
            .file(folder + "overlays/vc4.dtbo", deviceTree("vc4"))
            .file("usr/share/doc/start4.elf", "no firmware");
    assertEquals(Set.of("start4.elf", "overlays/vc4.dtbo"), names(firmware(tar)));
  }

  @Test
  void a_name_that_no_release_can_have_is_left_out() {
    BootFiles files =
        firmware(
            new TarFixture()
                .file("boot/start.elf", "\u007fELF…")
                .file("boot/a b", "blank")
                .file("boot/vmlinuz", "a kernel"));
    assertEquals(Set.of("start.elf"), names(files));
    assertEquals(
        List.of(
            "boot/a b: no file of a release can be called so",
            "boot/vmlinuz: no file of a release can be called so"),
        files.leftOut());
  }

  @Test
  void an_image_without_firmware_says_what_it_has() {
    assertEquals(
        "the image has no Raspberry Pi firmware: neither start*.elf nor bcm27*.dtb is in"
            + " artifacts/arm64/firmware/boot, artifacts/rpi_5, boot/firmware, boot, the root"
            + " directory; found: usr/libexec/ipxe.efi, usr/libexec/snp.efi, usr/libexec/zbin",
        refusal(Content.FIRMWARE, ARM64, TestLayers.of(TestImages.ipxe().platform(ARM64), temp)));
  }

  @Test
  void x_17_files_that_are_not_what_they_are_called_are_refused() {
    assertEquals(
        "the image's Raspberry Pi firmware will not do: boot/bcm2711-rpi-4-b.dtb is no device"
            + " tree, boot/start4.elf is no ELF file",
        refusal(
            new TarFixture()
                .file("boot/start4.elf", "<html>")
                .file("boot/bcm2711-rpi-4-b.dtb", "")));
  }

  @Test
  void x_03_what_is_no_regular_file_is_refused() {
    assertContains(
        "boot/x is a link to /nowhere, which is not in the image",
        refusal(
            new TarFixture().file("boot/start.elf", "\u007fELF").symlink("boot/x", "/nowhere")));
    assertContains(
        "boot/x is a ",
        refusal(
            new TarFixture()
                .file("boot/start.elf", "\u007fELF")
                .entry("boot/x", '6', "", new byte[0])));
  }

  @Test
  void x_01_names_that_lead_outside_are_not_files_of_it() {
    BootFiles files =
        firmware(
            new TarFixture()
                .file("boot/start.elf", "\u007fELF")
                .file("boot/../../etc/passwd", "x")
                .file("../start4.elf", "x"));
    assertEquals(Set.of("start.elf"), names(files));
    assertFalse(java.nio.file.Files.exists(temp.resolve("etc")));
  }

  @Test
  void no_intel_machine_has_it() {
    assertContains(
        "for arm64 only",
        refusal(
            Content.FIRMWARE,
            AMD64,
            TestLayers.ofTar(temp, TestImages.raspberryPiLayer(0).bytes())));
  }

  @Test
  void a_file_where_another_has_its_folder_is_refused() {
    assertContains(
        "both a file rpi_5 and files in a folder of that name",
        refusal(
            TestImages.raspberryPiLayer(0).file("artifacts/arm64/firmware/boot/rpi_5", "a file")));
  }

  @Test
  void x_12_there_are_limits_to_count_and_size() {
    byte[] tar = TestImages.raspberryPiLayer(20).bytes();
    assertContains(
        "has more than 10 such files",
        refusal(
            Content.FIRMWARE,
            ARM64,
            TestLayers.ofTar(temp, tar),
            SmallLimits.files(10, 1000, 100_000)));
    assertContains(
        "or more than 60 bytes of them",
        refusal(
            Content.FIRMWARE, ARM64, TestLayers.ofTar(temp, tar), SmallLimits.files(100, 100, 60)));
    assertContains(
        "at most 12 bytes are allowed",
        refusal(
            Content.FIRMWARE,
            ARM64,
            TestLayers.ofTar(temp, tar),
            SmallLimits.files(100, 12, 1000)));
  }
}
