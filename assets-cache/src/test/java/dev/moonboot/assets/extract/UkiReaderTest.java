package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.assets.extract.UkiReader.Section;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TestImages.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UkiReaderTest {
  private static final Content CONTENT = Content.DEFAULT;
  private static final int TABLE = 0x80 + 24 + 240; // of our writer's files

  @TempDir Path temp;

  private static UkiReader parse(byte[] uki) {
    return UkiReader.parse(Arrays.copyOf(uki, Math.min(uki.length, UkiReader.HEAD)), uki.length);
  }

  private static byte[] cut(byte[] uki, Section section) {
    return Arrays.copyOfRange(uki, (int) section.from(), (int) section.to());
  }

  private static UkiWriter writer() {
    return new UkiWriter(UkiWriter.returningStub(AMD64));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void parts_have_their_exact_length(Arch arch) {
    byte[] uki = CONTENT.uki(arch);
    UkiReader reader = parse(uki);
    assertEquals(arch, reader.arch());
    assertArrayEquals(CONTENT.kernel(arch), cut(uki, reader.kernel()));
    assertArrayEquals(CONTENT.initramfs(arch), cut(uki, reader.initramfs()));
  }

  @Test
  void the_command_line_of_a_later_profile_is_never_taken() {
    byte[] uki = CONTENT.uki(AMD64);
    assertArrayEquals(utf8(CONTENT.cmdline()), cut(uki, parse(uki).cmdline().orElseThrow()));
    byte[] none =
        writer()
            .section(".linux", utf8("k"))
            .section(".initrd", utf8("i"))
            .section(".profile", utf8("ID=reset"))
            .section(".cmdline", utf8("talos.experimental.wipe=system"))
            .toByteArray();
    assertTrue(parse(none).cmdline().isEmpty());
  }

  private Captured.Uki carve(byte[] uki) {
    return UkiCarver.carve(
        new ByteArrayInputStream(uki),
        uki.length,
        temp.resolve("part"),
        new UkiCarver.Target(AMD64, Limits.DEFAULT));
  }

  /** Header number {@code n} of the section table, in a fresh copy. */
  private static byte[] with(int n, int field, int value) {
    byte[] uki = CONTENT.uki(AMD64);
    ByteBuffer.wrap(uki).order(ByteOrder.LITTLE_ENDIAN).putInt(TABLE + 40 * n + field, value);
    return uki;
  }

  private static final int LINUX = 4; // .text .osrel .cmdline .splash .linux .initrd
  private static final int INITRD = 5;

  private static void assertRefused(String why, byte[] uki) {
    var refusal = assertThrows(ExtractException.class, () -> parse(uki));
    assertTrue(String.valueOf(refusal.getMessage()).contains(why), () -> "" + refusal.getMessage());
  }

  @Test
  void x_18_headers_that_lead_outside_are_refused() {
    byte[] uki = CONTENT.uki(AMD64);
    assertRefused("do not end within", utf8("MZ"));
    assertRefused("is no PE file", new byte[1000]);
    assertRefused("of which the file has less", Arrays.copyOf(uki, 0x800));
    assertRefused("do not end within", Arrays.copyOf(uki, 0x100));
    assertRefused("of which the file has less", with(LINUX, 8, 0x7fff_ffff));
    assertRefused("of which the file has less", with(INITRD, 20, -1));
    byte[] many = CONTENT.uki(AMD64);
    ByteBuffer.wrap(many).order(ByteOrder.LITTLE_ENDIAN).putShort(0x86, (short) -1);
    assertRefused("", many);
    byte[] far = CONTENT.uki(AMD64);
    ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putInt(0x3c, 0x7fff_fff0);
    assertRefused("do not end within", far);
  }

  @Test
  void x_18_overlapping_parts_are_refused() {
    byte[] uki = CONTENT.uki(AMD64);
    long kernel = parse(uki).kernel().from();
    assertRefused("overlaps", with(INITRD, 20, (int) kernel + 1));
    assertRefused("overlaps", with(LINUX, 20, 0));
  }

  @Test
  void x_18_a_command_line_without_nul_ends_with_its_section() {
    byte[] uki = CONTENT.uki(AMD64);
    assertEquals(CONTENT.cmdline(), carve(uki).texts().cmdline());
  }

  @Test
  void missing_parts_and_foreign_machines_are_refused() {
    assertRefused("has no section .linux", writer().section(".initrd", utf8("i")).toByteArray());
    assertRefused(
        "has no section .initrd",
        writer().section(".linux", utf8("k")).section(".initrd", new byte[0]).toByteArray());
    byte[] riscv = CONTENT.uki(AMD64);
    ByteBuffer.wrap(riscv).order(ByteOrder.LITTLE_ENDIAN).putShort(0x84, (short) 0x5064);
    assertRefused("is for PE machine 0x5064", riscv);
  }

  /** The sections as objdump lists them: name, length, offset. */
  private static List<String> objdump(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Requires.program("objdump").toString(), "-h", file.toString()).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor());
    List<String> sections = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.strip().split(" +", -1);
      if (parts.length >= 7 && parts[0].matches("\\d+")) {
        sections.add(
            parts[1] + " " + Long.parseLong(parts[2], 16) + " " + Long.parseLong(parts[5], 16));
      }
    }
    return sections;
  }

  @Test
  void binutils_read_what_we_write_as_we_do() throws IOException, InterruptedException {
    byte[] uki = CONTENT.uki(AMD64);
    List<String> listed = objdump(Files.write(temp.resolve("uki.efi"), uki));
    UkiReader reader = parse(uki);
    assertEquals(
        List.of(
            ".text",
            ".osrel",
            ".cmdline",
            ".splash",
            ".linux",
            ".initrd",
            ".profile",
            ".profile",
            ".cmdline"),
        listed.stream().map(line -> line.substring(0, line.indexOf(' '))).toList());
    for (Section section :
        List.of(
            reader.kernel(),
            reader.initramfs(),
            reader.cmdline().orElseThrow(),
            reader.osRelease().orElseThrow())) {
      String line = section.name() + " " + section.length() + " " + section.from();
      assertTrue(listed.contains(line), () -> line + " in " + listed);
    }
  }

  @Test
  void a_real_efi_program_keeps_its_sections() throws IOException, InterruptedException {
    Path program = Path.of("/usr/lib/ipxe/snponly.efi");
    Requires.that(Files.exists(program), "iPXE's EFI program (package ipxe)");
    List<String> before = objdump(program);
    byte[] uki =
        new UkiWriter(Files.readAllBytes(program))
            .section(".linux", CONTENT.kernel(AMD64))
            .section(".initrd", CONTENT.initramfs(AMD64))
            .toByteArray();
    List<String> after = objdump(Files.write(temp.resolve("uki.efi"), uki));
    assertEquals(names(before), names(after).subList(0, before.size()));
    assertArrayEquals(CONTENT.kernel(AMD64), cut(uki, parse(uki).kernel()));
  }

  private static List<String> names(List<String> sections) {
    return sections.stream().map(line -> line.substring(0, line.lastIndexOf(' '))).toList();
  }

  @Test
  void parts_over_their_limit_are_refused() {
    byte[] uki = CONTENT.uki(AMD64);
    Limits small = SmallLimits.kernel(100);
    var refusal =
        assertThrows(
            ExtractException.class,
            () ->
                UkiCarver.carve(
                    new ByteArrayInputStream(uki),
                    uki.length,
                    temp.resolve("p"),
                    new UkiCarver.Target(AMD64, small)));
    assertEquals(
        "has a section .linux of 8192 bytes; at most 100 bytes are allowed", refusal.getMessage());
  }

  @Test
  void the_writer_refuses_what_it_cannot_write() {
    assertThrows(IllegalArgumentException.class, () -> new UkiWriter(new byte[10]));
    assertThrows(
        IllegalArgumentException.class, () -> writer().section(".toolongname", new byte[1]));
    UkiWriter full = new UkiWriter(UkiWriter.returningStub(ARM64));
    for (int i = 0; i < 100; i++) {
      full.section(".s" + i, new byte[1]);
    }
    assertThrows(IllegalArgumentException.class, full::toByteArray);
  }
}
