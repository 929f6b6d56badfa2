package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.InitramfsFixture.Extension;
import dev.moonboot.testing.KernelFixture;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImages.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readers of formats that strangers write, fed with good input that was spoiled at random: whatever
 * comes, they end, and with nothing but the rejection they promise.
 */
class FuzzTest {
  private static final int ROUNDS = 4000;
  private static final int FILE_ROUNDS = 400;

  @TempDir Path temp;

  private interface Reader {
    void read(byte[] input) throws IOException;
  }

  /** Reads {@code rounds} spoiled copies of {@code good}; only rejections may come out. */
  private static void fuzz(byte[] good, int rounds, long seed, Reader reader) {
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      byte[] input = Fuzz.spoiled(good, random);
      try {
        reader.read(input);
      } catch (ExtractException | IOException e) {
        // what is promised
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void x_18_uki_headers(long seed) {
    byte[] uki = Content.DEFAULT.withRootfsSize(100).uki(AMD64);
    byte[] head = Arrays.copyOf(uki, 0x80 + 24 + 240 + 9 * 40);
    fuzz(head, ROUNDS, seed, input -> UkiReader.parse(input, uki.length));
  }

  @Test
  void x_18_ukis_while_they_are_carved() {
    byte[] uki = Content.DEFAULT.withRootfsSize(100).uki(AMD64);
    UkiCarver.Target target = new UkiCarver.Target(AMD64, Limits.DEFAULT);
    Path prefix = temp.resolve("part");
    fuzz(
        uki,
        FILE_ROUNDS,
        4,
        in -> UkiCarver.carve(new ByteArrayInputStream(in), in.length, prefix, target));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void x_15_tar(long seed) {
    byte[] tar =
        new TarFixture()
            .directory("a")
            .pax("path", "a/long")
            .file("b", "text")
            .gnuLong('L', "a/gnu")
            .symlink("l", "b")
            .hardLink("h", "b")
            .bytes();
    fuzz(tar, ROUNDS, seed, TarReaderTest::members);
    // A spoiled header mostly fails its checksum; with the right one it goes further.
    fuzz(tar, ROUNDS, seed, input -> TarReaderTest.members(summed(input)));
  }

  private static byte[] summed(byte[] tar) {
    for (int block = 0; block + 512 <= tar.length; block += 512) {
      int sum = 0;
      for (int i = 0; i < 512; i++) {
        sum += i >= 148 && i < 156 ? ' ' : Byte.toUnsignedInt(tar[block + i]);
      }
      if (sum != 8 * ' ') {
        byte[] digits = "%06o\0 ".formatted(sum).getBytes(US_ASCII);
        System.arraycopy(digits, 0, tar, block + 148, 8);
      }
    }
    return tar;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void x_19_cpio(long seed) {
    byte[] cpio = InitramfsFixture.extensions(List.of(new Extension("a", "v1")));
    fuzz(
        cpio,
        ROUNDS,
        seed,
        input -> new CpioReader(new InitramfsFindings()).readAll(new ByteArrayInputStream(input)));
  }

  @Test
  void x_19_initramfs() {
    byte[] base = InitramfsFixture.base(ARM64, 500, 1);
    byte[] more = InitramfsFixture.extensions(List.of(new Extension("a", "v1")));
    Path file = temp.resolve("initramfs.xz");
    for (byte[] good :
        List.of(
            InitramfsFixture.zstd(base, more),
            InitramfsFixture.xz(base, more),
            InitramfsFixture.gzip(base, more))) {
      fuzz(good, FILE_ROUNDS, 5, input -> InitramfsInspector.inspect(Files.write(file, input)));
    }
  }

  @Test
  void x_17_kernels() {
    Path file = temp.resolve("vmlinuz");
    Path image = temp.resolve("image");
    byte[] raw = KernelFixture.arm64Image("6.1.0");
    for (byte[] good :
        List.of(
            Arrays.copyOf(KernelFixture.zboot(raw, "zstd"), 4096 + 300),
            KernelFixture.zboot(raw, "gzip"),
            KernelFixture.zboot(raw, "xzkern"),
            KernelFixture.bzImage("6.1.0"))) {
      fuzz(
          good,
          FILE_ROUNDS,
          6,
          input -> {
            if (KernelSniffer.sniff(Files.write(file, input)).format() == Kernel.Format.EFI_ZBOOT) {
              Zboot.unwrap(file, image, Limits.DEFAULT);
            }
          });
    }
  }

  @Test
  void x_09_packed_streams() throws IOException {
    byte[] text = "some text, some more text, and the same text again".repeat(20).getBytes(UTF_8);
    byte[] gzip = ExtractionCase.gzip(text);
    fuzz(gzip, ROUNDS, 7, input -> readAll(Compression.GZIP, input));
    byte[] zstd = Zstd.compress(text);
    fuzz(zstd, ROUNDS, 8, input -> readAll(Compression.ZSTD, input));
  }

  private static void readAll(Compression kind, byte[] input) throws IOException {
    try (InputStream in = Compression.all(kind, new ByteArrayInputStream(input))) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Test
  void texts() {
    byte[] yaml =
        "layers:\n- image: 0.sqsh\n  metadata:\n    name: a\n    version: \"v1\"\n".getBytes(UTF_8);
    fuzz(yaml, ROUNDS, 9, input -> ExtensionsYaml.names(new String(input, UTF_8)));
  }
}
