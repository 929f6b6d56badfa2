package dev.moonboot.assets.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Archives that are broken or that readers see differently. */
class HostileTarTest extends ExtractionCase {
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

  private static byte[] sized(Consumer<ByteBuffer> change) {
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
}
