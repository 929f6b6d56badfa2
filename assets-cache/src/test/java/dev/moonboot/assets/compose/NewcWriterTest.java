package dev.moonboot.assets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.testing.InitramfsFixture;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NewcWriterTest {
  private static final String LONG = "\u00e4".repeat(120); // 240 bytes

  private static String refusal(InitramfsFixture.Entries entries) {
    return refused(() -> InitramfsFixture.cpio(entries));
  }

  private static String refused(Executable what) {
    return String.valueOf(assertThrows(ComposeException.class, what).getMessage());
  }

  @Test
  void a_file_has_at_most_4_gib_minus_1() {
    assertEquals(
        "000-frr.sqsh cannot stand in an initramfs: it has 4294967296 bytes, and 4 GiB - 1 are the"
            + " most; leave the extension out, or have its maker make it smaller",
        refusal(out -> out.file("000-frr.sqsh", 0644, 1L << 32, InputStream.nullInputStream())));
  }

  @Test
  void a_name_has_at_most_4095_bytes_and_255_in_a_part() {
    InitramfsFixture.cpio(out -> out.file("\u00e4".repeat(127) + "x", 0644, new byte[0]));
    String why =
        " cannot stand in an initramfs: its name has over 4095 bytes, or over 255 in one part; leave"
            + " the extension out, or have its maker shorten it";
    assertEquals(
        "\u00e4".repeat(117) + "..." + why,
        refusal(out -> out.file("\u00e4".repeat(128), 0644, new byte[0])));
    assertEquals(
        "x".repeat(117) + "..." + why, refusal(out -> out.directory("x".repeat(256), 0755)));
    assertEquals(
        LONG.substring(0, 117) + "..." + why,
        refusal(out -> {
          String path = LONG;
          for (int i = 0; i < 20; i++) {
            out.directory(path, 0755);
            path += "/" + LONG;
          }
        }));
  }

  @Test
  void a_link_leads_to_at_most_4095_bytes() {
    InitramfsFixture.cpio(out -> out.symlink("l", "\u00e4".repeat(2047) + "x"));
    for (String target : new String[] {"", "\u00e4".repeat(2048)}) {
      assertEquals(
          "l cannot stand in an initramfs: it is a symbolic link to nothing, or to over 4095 bytes;"
              + " leave the extension out, or have its maker mend it",
          refusal(out -> out.symlink("l", target)));
    }
  }

  @Test
  void what_an_extension_puts_there_is_told_with_its_name() {
    Content large =
        new Content() {
          @Override
          public long size() {
            return 1L << 32;
          }

          @Override
          public InputStream open() {
            return InputStream.nullInputStream();
          }
        };
    FileTree firmware = new TreeBuilder().put("a.bin", new TreeNode.File(0644, large)).build();
    assertEquals(
        "extension frr: usr/lib/firmware/a.bin cannot stand in an initramfs: it has 4294967296"
            + " bytes, and 4 GiB - 1 are the most; leave the extension out, or have its maker make"
            + " it smaller",
        refused(() -> NewcLimits.require("frr", "usr/lib/firmware", firmware)));
    String name = "x".repeat(200);
    FileTree deep =
        new TreeBuilder()
            .put(name + "/" + name + "/" + name, ComposeCase.file(0644, "firmware"))
            .build();
    assertEquals(
        "extension frr: usr/lib/firmware/"
            + "x".repeat(100)
            + "... cannot stand in an initramfs: its name has over 512 characters; leave the"
            + " extension out, or have its maker shorten it",
        refused(() -> NewcLimits.require("frr", "usr/lib/firmware", deep)));
  }
}
