package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.UkiOrder.Purpose;
import dev.moonboot.testing.KernelFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Breaks one thing after the other in a UKI that is as it should be. */
class UkiCheckTest {
  private static final int PE = 0x80;
  private static final int OPTIONAL = PE + 24;
  private static final int TABLE = OPTIONAL + 240;
  private static final String OS_RELEASE = "NAME=\"Talos\"\n";

  @TempDir Path temp;
  private UkiOrder order;
  private byte[] uki;

  @BeforeEach
  void compose() throws IOException {
    byte[] stub =
        new UkiWriter(UkiWriter.returningStub(AMD64))
            .section(".sdmagic", "#### LoaderInfo: systemd-stub 257.4 ####".getBytes(US_ASCII))
            .toByteArray();
    order =
        new UkiOrder(
            Files.write(temp.resolve("stub"), stub),
            Files.write(temp.resolve("linux"), KernelFixture.bzImage("6.12.1-talos")),
            Files.write(temp.resolve("initrd"), "initramfs".repeat(321).getBytes(UTF_8)),
            "talos.platform=metal",
            OS_RELEASE,
            "6.12.1-talos",
            null,
            new TalosVersion(1, 13, 0, ""),
            AMD64,
            Purpose.INSTALLER);
    uki = Files.readAllBytes(UkiComposer.compose(order, temp.resolve("uki")).file());
  }

  /** Where the header of a section stands; the first of that name. */
  private int header(String name) {
    ByteBuffer in = ByteBuffer.wrap(uki).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < in.getShort(PE + 6); i++) {
      String found = new String(uki, TABLE + 40 * i, 8, US_ASCII).replace("\0", "");
      if (found.equals(name)) {
        return TABLE + 40 * i;
      }
    }
    throw new AssertionError(name);
  }

  private String refusalOf(UnaryOperator<byte[]> spoiled) throws IOException {
    Path file = Files.write(temp.resolve("spoiled"), spoiled.apply(uki.clone()));
    UkiCheck check = new UkiCheck(order, true);
    return String.valueOf(
        assertThrows(ComposeException.class, () -> check.require(file, OS_RELEASE)).getMessage());
  }

  private void refuses(String why, Consumer<ByteBuffer> spoil) throws IOException {
    String told =
        refusalOf(bytes -> {
          spoil.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
          return bytes;
        });
    assertEquals(why, told);
  }

  private static String another(String section) {
    return differs("its section " + section + " is missing, or is another");
  }

  private static String differs(String how) {
    return "the composed UKI would not boot as it should, so it is not published: "
        + how
        + ". Take the stub of another base, and report this";
  }

  private static String broken(String how) {
    return "the composed UKI " + how + ", so it is not published; take the stub of another base";
  }

  @Test
  void what_is_as_it_should_be_passes() {
    assertDoesNotThrow(() -> new UkiCheck(order, true).require(temp.resolve("uki"), OS_RELEASE));
  }

  @Test
  void every_section_has_what_was_ordered() throws IOException {
    for (String name : new String[] {".text", ".sdmagic", ".osrel", ".cmdline", ".uname"}) {
      refuses(another(name), in -> flip(in, in.getInt(header(name) + 20)));
    }
    for (String name : new String[] {".linux", ".initrd"}) {
      refuses(
          another(name),
          in -> flip(in, in.getInt(header(name) + 20) + in.getInt(header(name) + 8) - 1));
      refuses(another(name), in -> in.putInt(header(name) + 8, in.getInt(header(name) + 8) - 1));
      refuses(
          another(name), in -> in.putInt(header(name) + 20, in.getInt(header(name) + 20) + 512));
    }
    refuses(another(".linux"), in -> in.put(header(".linux") + 1, (byte) 'L'));
  }

  private static void flip(ByteBuffer in, int at) {
    in.put(at, (byte) (in.get(at) ^ 1));
  }

  @Test
  void all_sections_are_there_and_no_more() throws IOException {
    refuses(another(".cmdline"), in -> in.putShort(PE + 6, (short) (in.getShort(PE + 6) - 1)));
    Path file = temp.resolve("uki");
    assertEquals(
        differs("it has more sections than were meant"),
        assertThrows(
                ComposeException.class, () -> new UkiCheck(order, false).require(file, OS_RELEASE))
            .getMessage());
  }

  @Test
  void firmware_can_map_it() throws IOException {
    int linux = header(".linux");
    refuses(broken("is no PE file"), in -> in.put(0, (byte) 0));
    refuses(differs("it is not for amd64"), in -> in.putShort(PE + 4, (short) 0xaa64));
    refuses(
        broken("has a section .linux that lies over others"),
        in -> in.putInt(linux + 12, in.getInt(header(".cmdline") + 12)));
    refuses(
        differs("its section .uname has a wrong address"),
        in -> in.putInt(header(".uname") + 12, in.getInt(header(".uname") + 12) + 16));
    refuses(
        broken("has a section .cmdline behind its own end"),
        in -> in.putInt(OPTIONAL + 56, in.getInt(OPTIONAL + 56) - 4096));
    for (int size : new int[] {0, 512, 1 << 30}) {
      refuses(broken("has headers of a wrong size"), in -> in.putInt(OPTIONAL + 60, size));
    }
    refuses(broken("begins in none of its sections"), in -> in.putInt(OPTIONAL + 16, 0x800));
    refuses(broken("aligns its sections to 0 bytes"), in -> in.putInt(OPTIONAL + 32, 0));
    assertEquals(
        broken("has a section .cmdline that is not in the file"),
        refusalOf(bytes -> Arrays.copyOf(bytes, bytes.length - 512)));
  }
}
