package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.compose.UkiOrder.Purpose;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.StoredUki;
import dev.moonboot.testing.KernelFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UkiComposerTest {
  private static final String CMDLINE = "talos.platform=metal console=tty0";
  private static final int PE = 0x80;
  private static final int OPTIONAL = PE + 24;

  @TempDir Path temp;
  private int count;

  @BeforeEach
  void write() throws IOException {
    Files.write(temp.resolve("linux"), KernelFixture.bzImage("6.12.1-talos"));
    Files.write(temp.resolve("initrd"), "initramfs".repeat(321).getBytes(UTF_8));
    Files.write(temp.resolve("splash"), "BM splash".getBytes(UTF_8));
  }

  /** A stub that says which version of systemd it is of. */
  private static byte[] stub(Arch arch, String version) {
    UkiWriter stub = new UkiWriter(UkiWriter.returningStub(arch));
    if (!version.isEmpty()) {
      stub.section(
          ".sdmagic", ("#### LoaderInfo: systemd-stub " + version + " ####").getBytes(US_ASCII));
    }
    return stub.toByteArray();
  }

  private UkiOrder order(byte[] stub, String version, Arch arch, Purpose purpose)
      throws IOException {
    return new UkiOrder(
        Files.write(temp.resolve("stub"), stub),
        temp.resolve("linux"),
        temp.resolve("initrd"),
        CMDLINE,
        "",
        "6.12.1-talos",
        temp.resolve("splash"),
        TalosVersion.parse(version).orElseThrow(),
        arch,
        purpose);
  }

  private Found compose(UkiOrder order) {
    return UkiComposer.compose(order, temp.resolve("uki" + count++));
  }

  /** As objdump sees them: name, size, content. */
  private static List<String> sections(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int table = OPTIONAL + in.getShort(PE + 20);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < in.getShort(PE + 6); i++) {
      byte[] name = new byte[8];
      in.get(table + 40 * i, name);
      names.add(new String(name, US_ASCII).replace("\0", ""));
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource({
    "v1.13.0, 257.4, BOOT, ''",
    "v1.13.0, 257.4, INSTALLER, reset-maintenance",
    "v1.13.0, 257.4-1talos, ISO, reset",
    "v1.9.0, 257.4, INSTALLER, ''",
    "v1.13.0, 256.9, INSTALLER, ''",
    "v1.13.0, '', ISO, ''"
  })
  void a_wiping_profile_is_there_only_where_it_cannot_be_booted_by_mistake(
      String version, String stub, Purpose purpose, String profile) throws IOException {
    UkiLines lines =
        StoredUki.lines(compose(order(stub(AMD64, stub), version, AMD64, purpose)).file());
    assertEquals(List.of(CMDLINE), lines.base());
    assertEquals(
        profile.isEmpty() ? List.of() : List.of("main", profile),
        lines.profiles().stream().map(UkiLines.Profile::id).toList());
    if (!profile.isEmpty()) {
      assertEquals(List.of(), lines.profiles().getFirst().cmdlines());
      assertEquals(
          List.of(
              CMDLINE
                  + " talos.experimental.wipe=system"
                  + (purpose == Purpose.ISO ? "" : ":EPHEMERAL,STATE")),
          lines.profiles().getLast().cmdlines());
    }
  }

  @Test
  void sections_stand_as_in_talos_s_own() throws IOException {
    assertEquals(
        List.of(
            ".text",
            ".sdmagic",
            ".osrel",
            ".cmdline",
            ".uname",
            ".splash",
            ".linux",
            ".initrd",
            ".profile",
            ".profile",
            ".cmdline"),
        sections(compose(order(stub(AMD64, "257"), "v1.13.0", AMD64, Purpose.INSTALLER)).file()));
  }

  /** For amd64 only: the binutils of a machine know its own architecture. */
  @Test
  void objdump_and_objcopy_read_what_was_written() throws IOException, InterruptedException {
    Found uki = compose(order(stub(AMD64, "257.4"), "v1.13.0", AMD64, Purpose.BOOT));
    String headers = ComposeCase.run(temp, "objdump", "-h", uki.file().toString());
    List<String> seen =
        headers
            .lines()
            .map(String::strip)
            .filter(line -> line.matches("\\d+ \\..*"))
            .map(line -> line.split(" +", -1)[1] + " " + line.split(" +", -1)[2])
            .toList();
    assertEquals(
        List.of(
            ".text", ".sdmagic", ".osrel", ".cmdline", ".uname", ".splash", ".linux", ".initrd"),
        seen.stream().map(line -> line.split(" ", -1)[0]).toList());
    assertTrue(
        seen.contains(".initrd %08x".formatted(Files.size(temp.resolve("initrd")))),
        seen::toString);
    for (String section : List.of("linux", "initrd")) {
      ComposeCase.run(
          temp,
          "objcopy",
          "-O",
          "binary",
          "--only-section=." + section,
          uki.file().toString(),
          "cut");
      byte[] cut = Files.readAllBytes(temp.resolve("cut"));
      byte[] wanted = Files.readAllBytes(temp.resolve(section));
      assertArrayEquals(wanted, Arrays.copyOf(cut, wanted.length));
    }
    assertEquals(Digest.of(Files.readAllBytes(uki.file())), uki.digest());
  }

  @Test
  void headers_say_what_the_file_holds() throws IOException {
    Found uki = compose(order(stub(AMD64, "257"), "v1.13.0", AMD64, Purpose.BOOT));
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(uki.file())).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0, in.getInt(PE + 8), "no time of day");
    int count = in.getShort(PE + 6);
    int table = OPTIONAL + in.getShort(PE + 20);
    int headers = in.getInt(OPTIONAL + 60);
    assertEquals((table + 40 * count + 511) / 512 * 512, headers, "SizeOfHeaders");
    int raw = headers;
    int end = 0;
    int data = 0;
    for (int i = 0; i < count; i++) {
      int at = table + 40 * i;
      assertEquals(raw, in.getInt(at + 20), "PointerToRawData");
      assertTrue(in.getInt(at + 12) >= end, "sections overlap");
      assertEquals(0, in.getInt(at + 12) % 4096);
      raw += in.getInt(at + 16);
      end = in.getInt(at + 12) + in.getInt(at + 8);
      data += (in.getInt(at + 36) & 0x40) == 0 ? 0 : in.getInt(at + 16);
    }
    assertEquals(in.capacity(), raw);
    assertEquals((end + 4095) / 4096 * 4096, in.getInt(OPTIONAL + 56), "SizeOfImage");
    assertEquals(data, in.getInt(OPTIONAL + 8), "SizeOfInitializedData");
    assertEquals(0, in.getInt(OPTIONAL + 64), "CheckSum");
  }

  @Test
  void equal_orders_give_equal_bytes_and_the_stub_s_time_does_not_matter() throws IOException {
    byte[] stub = stub(AMD64, "257");
    Found first = compose(order(stub, "v1.13.0", AMD64, Purpose.BOOT));
    stub[PE + 8] = 77;
    assertEquals(first.digest(), compose(order(stub, "v1.13.0", AMD64, Purpose.BOOT)).digest());
  }

  @Test
  void without_a_description_talos_s_own_is_written() throws IOException {
    Found uki = compose(order(stub(AMD64, ""), "v1.13.2", AMD64, Purpose.BOOT));
    String text = Files.readString(uki.file(), ISO_8859_1);
    assertTrue(text.contains("NAME=\"Talos\"\nID=talos\nVERSION_ID=v1.13.2\n"));
  }

  @Test
  void a_stub_whose_sections_begin_anywhere_is_taken_and_one_in_disorder_is_not()
      throws IOException {
    byte[] stub = stub(AMD64, "252.39");
    ByteBuffer in = ByteBuffer.wrap(stub).order(ByteOrder.LITTLE_ENDIAN);
    int address = OPTIONAL + in.getShort(PE + 20) + 40 + 12; // of its second section
    in.putInt(address, 0x1024); // behind the first, but not where sections are to begin
    Found uki = compose(order(stub, "v1.13.0", AMD64, Purpose.BOOT));
    assertEquals(List.of(CMDLINE), StoredUki.lines(uki.file()).base());
    in.putInt(address, 0x1000);
    assertEquals(
        "the EFI stub has sections in disorder: .sdmagic; take the stub of another base",
        refusal(stub, AMD64));
  }

  @Test
  void a_signature_of_the_stub_is_not_taken_over() throws IOException {
    byte[] stub = stub(AMD64, "257");
    ByteBuffer signed = ByteBuffer.wrap(stub).order(ByteOrder.LITTLE_ENDIAN);
    signed.putInt(OPTIONAL + 112 + 32, 0x400).putInt(OPTIONAL + 112 + 36, 8);
    Found uki = compose(order(stub, "v1.13.0", AMD64, Purpose.BOOT));
    byte[] made = Files.readAllBytes(uki.file());
    assertEquals(
        0, ByteBuffer.wrap(made).order(ByteOrder.LITTLE_ENDIAN).getLong(OPTIONAL + 112 + 32));
  }

  private String refusal(byte[] stub, Arch arch) throws IOException {
    UkiOrder order = order(stub, "v1.13.0", arch, Purpose.BOOT);
    return String.valueOf(assertThrows(ComposeException.class, () -> compose(order)).getMessage());
  }

  @Test
  void stubs_that_will_not_do_are_refused() throws IOException {
    String way = "; take the stub of another base";
    byte[] good = UkiWriter.returningStub(AMD64);
    assertEquals(
        "the EFI stub is for amd64, and the UKI is to be for arm64" + way, refusal(good, ARM64));
    assertEquals("the EFI stub is no PE file" + way, refusal(new byte[1000], AMD64));
    assertEquals("the EFI stub is cut off" + way, refusal(Arrays.copyOf(good, 0x100), AMD64));
    assertEquals(
        "the EFI stub is cut off in its section .text" + way,
        refusal(Arrays.copyOf(good, 0x300), AMD64));
    for (int at : new int[] {PE + 12, PE + 16}) {
      byte[] symbols = good.clone();
      symbols[at] = 1;
      assertEquals(
          "the EFI stub has symbols, which would point elsewhere in an image; strip it" + way,
          refusal(symbols, AMD64));
    }
    byte[] alignment = good.clone();
    alignment[OPTIONAL + 33] = 0;
    assertEquals("the EFI stub aligns to 0 bytes" + way, refusal(alignment, AMD64));
    byte[] sections = good.clone();
    sections[PE + 6] = 100;
    assertEquals("the EFI stub has 100 sections" + way, refusal(sections, AMD64));
  }

  @Test
  void a_stub_without_room_for_more_headers_is_refused() throws IOException {
    byte[] tight = UkiWriter.returningStub(AMD64);
    ByteBuffer in = ByteBuffer.wrap(tight).order(ByteOrder.LITTLE_ENDIAN);
    in.putInt(OPTIONAL + 32, 0x200).putInt(OPTIONAL + 240 + 12, 0x200);
    assertEquals(
        "the EFI stub leaves no room for 7 section headers; take the stub of another base",
        refusal(tight, AMD64));
  }

  @Test
  void a_command_line_that_erases_disks_is_refused() throws IOException {
    UkiOrder good = order(stub(AMD64, "257"), "v1.13.0", AMD64, Purpose.INSTALLER);
    UkiOrder wiping =
        new UkiOrder(
            good.stub(),
            good.kernel(),
            good.initramfs(),
            CMDLINE + " talos.experimental.wipe=system",
            "",
            "",
            null,
            good.version(),
            AMD64,
            Purpose.BOOT);
    assertThrows(ComposeException.class, () -> compose(wiping));
  }
}
