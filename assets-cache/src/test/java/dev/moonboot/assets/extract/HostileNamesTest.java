package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, links and whiteouts that want to lead elsewhere. */
class HostileNamesTest extends ExtractionCase {
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
}
