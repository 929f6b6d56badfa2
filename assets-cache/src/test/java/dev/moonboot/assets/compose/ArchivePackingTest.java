package dev.moonboot.assets.compose;

import static dev.moonboot.assets.compose.ArchivePacking.Load.FILES;
import static dev.moonboot.assets.compose.ArchivePacking.Load.LAYERS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.ArchivePacking.Load;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.SingleXZInputStream;

class ArchivePackingTest {
  /** More than two pieces of zstd's, and soon packed. */
  private static final int SIZE = 20 << 20;

  private static byte[] packed(ArchivePacking how, Load load, int threads, byte[] data, int step)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packed = how.pack(out, load, threads)) {
      for (int at = 0; at < data.length; at += step) {
        packed.write(data, at, Math.min(step, data.length - at));
      }
    }
    return out.toByteArray();
  }

  private static byte[] data() {
    byte[] line = new byte[4096];
    new Random(1).nextBytes(line);
    byte[] data = new byte[SIZE];
    for (int at = 0; at < SIZE; at++) {
      data[at] = (byte) (line[at % line.length] + at / 100_000);
    }
    return data;
  }

  @Test
  void zstd_s_workers_and_how_it_is_fed_make_no_difference() throws IOException {
    byte[] data = data();
    Digest one = Digest.of(packed(ArchivePacking.ZSTD, FILES, 1, data, 1 << 20));
    assertEquals(one, Digest.of(packed(ArchivePacking.ZSTD, FILES, 3, data, 333_333)));
    byte[] layers = packed(ArchivePacking.ZSTD, LAYERS, 1, data, 1 << 20);
    assertEquals(Digest.of(layers), Digest.of(packed(ArchivePacking.ZSTD, LAYERS, 4, data, 7777)));
  }

  @Test
  void xz_has_a_crc32_and_gives_back_what_was_packed() throws IOException {
    byte[] data = Arrays.copyOf(data(), 100_000);
    for (Load load : Load.values()) {
      byte[] xz = packed(ArchivePacking.XZ_CRC32, load, 2, data, 999);
      assertEquals(1, xz[7], "the check's number");
      try (InputStream in = new SingleXZInputStream(new ByteArrayInputStream(xz))) {
        assertEquals(Digest.of(data), Digest.of(in.readAllBytes()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v1.7.9, XZ_CRC32",
    "v1.8.0-alpha.1, ZSTD",
    "v1.8.0, ZSTD",
    "v1.13.0, ZSTD",
    "v2.0.0, ZSTD"
  })
  void what_talos_itself_packs_with_is_taken(String version, ArchivePacking wanted) {
    assertEquals(wanted, ArchivePacking.of(TalosVersion.parse(version).orElseThrow()));
  }
}
