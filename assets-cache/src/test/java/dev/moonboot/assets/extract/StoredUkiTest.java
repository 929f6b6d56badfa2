package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.UkiLines.Profile;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.testing.TestImages.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredUkiTest {
  @TempDir Path temp;

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static UkiWriter talos(String sdmagic) {
    UkiWriter writer = new UkiWriter(UkiWriter.returningStub(AMD64));
    if (!sdmagic.isEmpty()) {
      writer.section(".sdmagic", utf8(sdmagic));
    }
    return writer
        .section(".cmdline", utf8("talos.platform=metal\0"))
        .section(".linux", utf8("kernel"))
        .section(".initrd", utf8("initramfs"));
  }

  /** By the file, and by the stream that is carved while it comes: both say the same. */
  private UkiLines lines(UkiWriter writer) throws IOException {
    byte[] uki = writer.toByteArray();
    UkiLines stored = StoredUki.lines(Files.write(temp.resolve("uki.efi"), uki));
    Captured.Uki carved =
        UkiCarver.carve(
            new ByteArrayInputStream(uki),
            uki.length,
            temp.resolve("part"),
            new UkiCarver.Target(AMD64, Limits.DEFAULT));
    assertEquals(stored, carved.lines());
    return stored;
  }

  @Test
  void every_command_line_is_known_with_its_profile() throws IOException {
    UkiLines lines =
        lines(
            talos("#### LoaderInfo: systemd-stub 257.4 ####\0")
                .section(".profile", utf8("ID=main"))
                .section(".profile", utf8("TITLE=Reset\nID=\"reset-maintenance\"\n"))
                .section(".cmdline", utf8("talos.experimental.wipe=system\n"))
                .section(".profile", utf8("TITLE=no id")));
    assertEquals(
        new UkiLines(
            List.of("talos.platform=metal"),
            List.of(
                new Profile("main", List.of()),
                new Profile("reset-maintenance", List.of("talos.experimental.wipe=system")),
                new Profile("", List.of())),
            "systemd-stub 257.4"),
        lines);
    assertFalse(lines.wipes());
  }

  @Test
  void a_stub_that_is_old_or_says_nothing_may_wipe() throws IOException {
    for (String magic : List.of("", "#### LoaderInfo: systemd-stub 252 ####", "nonsense")) {
      assertTrue(
          lines(
                  talos(magic)
                      .section(".profile", utf8("ID=main"))
                      .section(".profile", utf8("ID=reset"))
                      .section(".cmdline", utf8("a talos.experimental.wipe=system")))
              .wipes(),
          magic);
      assertFalse(lines(talos(magic)).wipes(), magic);
    }
  }

  @Test
  void the_images_of_our_tests_are_such() throws IOException {
    UkiLines lines = StoredUki.lines(Files.write(temp.resolve("u"), Content.DEFAULT.uki(AMD64)));
    assertEquals(List.of(Content.DEFAULT.cmdline()), lines.base());
    assertEquals(
        List.of("main", "reset-maintenance"), lines.profiles().stream().map(Profile::id).toList());
    assertTrue(lines.wipes());
  }

  @Test
  void x_18_texts_without_end_are_refused() {
    UkiWriter writer = talos("");
    for (int i = 0; i < 5; i++) {
      writer.section(".cmdline", new byte[300 << 10]);
    }
    assertEquals(
        "has command lines and profiles of more than 1 MiB",
        assertThrows(ExtractException.class, () -> lines(writer)).getMessage());
  }

  @Test
  void x_18_a_stub_whose_own_section_leads_outside_says_nothing() throws IOException {
    byte[] uki = talos("#### LoaderInfo: systemd-stub 257 ####").toByteArray();
    int sdmagic = 0x80 + 24 + 240 + 40; // behind .text
    ByteBuffer.wrap(uki).order(ByteOrder.LITTLE_ENDIAN).putInt(sdmagic + 8, 0x7fff_ffff);
    assertEquals("", StoredUki.lines(Files.write(temp.resolve("odd"), uki)).stub());
  }

  @Test
  void what_is_no_uki_is_said() throws IOException {
    Path file = Files.write(temp.resolve("text"), utf8("text"));
    assertThrows(ExtractException.class, () -> StoredUki.lines(file));
    assertThrows(IOException.class, () -> StoredUki.lines(temp.resolve("missing")));
  }
}
