package dev.moonboot.assets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "start4.elf",
        "overlays/vc4-kms-v3d.dtbo",
        "LICENCE.broadcom",
        "a",
        ".hidden",
        "...",
        "u-boot/rpi_5/u-boot.bin",
        "a+b,c@d~e=f",
        "sub/vmlinuz",
        "Vmlinuz"
      })
  void a_plain_path_names_a_file_of_an_image(String path) {
    assertTrue(AssetName.isFile(path));
    assertEquals(path, AssetName.file(path).fileName());
    assertEquals("arm64/" + path, AssetName.file(path).flatName(Arch.ARM64));
    assertEquals(Optional.of(AssetName.file(path)), AssetName.ofFileName(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/..",
        "../a",
        "a/../b",
        "./a",
        "a/.",
        "a\\b",
        "a b",
        "a\nb",
        "a\u0000",
        "ä",
        "a:b",
        "a%2fb",
        "a?b",
        "vmlinuz",
        "release.json",
        "uki.efi"
      })
  void any_other_does_not(String path) {
    assertFalse(AssetName.isFile(path));
    assertThrows(IllegalArgumentException.class, () -> AssetName.file(path));
  }

  @Test
  void a_path_has_at_most_255_bytes() {
    assertTrue(AssetName.isFile("a/" + "b".repeat(253)));
    assertFalse(AssetName.isFile("a/" + "b".repeat(254)));
  }

  @Test
  void a_boot_file_goes_by_its_own_name() {
    assertEquals(Optional.of(AssetName.INITRAMFS), AssetName.ofFileName("initramfs.xz"));
    assertEquals("initramfs-arm64.xz", AssetName.INITRAMFS.flatName(Arch.ARM64));
    assertEquals(Optional.empty(), AssetName.ofFileName("../x"));
  }

  @Test
  void boot_files_come_before_files_and_those_by_their_paths() {
    Map<AssetName, Integer> some =
        Map.of(
            AssetName.file("overlays/b"),
            1,
            AssetName.RECORD,
            2,
            AssetName.file("a"),
            3,
            AssetName.VMLINUZ,
            4);
    assertEquals(List.of(4, 2, 3, 1), List.copyOf(AssetName.sorted(some).values()));
  }
}
