package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage.Packing;
import dev.moonboot.testing.TestLayers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers whose packing is broken, mislabelled or a bomb. */
class LayerPackingTest extends ExtractionCase {
  @Test
  void x_09_all_gzip_members_are_read() throws IOException {
    byte[] packed =
        joined(
            gzip(Arrays.copyOfRange(GOOD, 0, 3000)),
            gzip(new byte[0]),
            gzip(Arrays.copyOfRange(GOOD, 3000, GOOD.length)));
    TestLayers layers =
        new TestLayers(temp).add(Packing.OCI_GZIP.layerType(), packed, Digest.of(GOOD));
    assertEquals(Digest.of(KERNEL), digest(extract(layers, Limits.DEFAULT), AssetName.VMLINUZ));
  }

  @Test
  void x_09_damaged_gzip_is_refused() throws IOException {
    byte[] packed = gzip(GOOD);
    byte[] wrongCrc = packed.clone();
    wrongCrc[packed.length - 8] ^= 1;
    byte[] wrongLength = packed.clone();
    wrongLength[packed.length - 1] ^= 1;
    Packing gzip = Packing.OCI_GZIP;
    assertContains("no gzip member", refusal(gzip, joined(packed, "garbage".getBytes(UTF_8))));
    assertContains("no gzip member", refusal(gzip, joined(packed, new byte[1])));
    assertContains("cut off", refusal(gzip, Arrays.copyOf(packed, packed.length - 1)));
    assertContains("cut off", refusal(gzip, Arrays.copyOf(packed, packed.length / 2)));
    assertContains("wrong CRC", refusal(gzip, wrongCrc));
    assertContains("wrong length", refusal(gzip, wrongLength));
  }

  @Test
  void x_10_zstd_frames_and_skippable_frames_are_read() {
    byte[] skippable = {0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'};
    byte[] packed =
        joined(
            skippable,
            Zstd.compress(Arrays.copyOfRange(GOOD, 0, 3000)),
            skippable,
            Zstd.compress(Arrays.copyOfRange(GOOD, 3000, GOOD.length)),
            skippable);
    TestLayers layers =
        new TestLayers(temp).add(Packing.OCI_ZSTD.layerType(), packed, Digest.of(GOOD));
    assertEquals(Digest.of(KERNEL), digest(extract(layers, Limits.DEFAULT), AssetName.VMLINUZ));
  }

  @Test
  void x_10_damaged_zstd_and_large_windows_are_refused() throws IOException {
    byte[] packed = Zstd.compress(GOOD);
    Packing zstd = Packing.OCI_ZSTD;
    assertContains("layer sha256:", refusal(zstd, joined(packed, new byte[8])));
    assertContains("layer sha256:", refusal(zstd, Arrays.copyOf(packed, packed.length - 1)));
    assertContains("Frame requires too much memory", refusal(zstd, longWindow()));
  }

  /** A frame of unknown length with a window of 2^31. */
  private static byte[] longWindow() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
      zstd.write(GOOD);
    }
    byte[] frame = out.toByteArray();
    assertEquals(0, frame[4] & 0x20, "not a frame of a single segment");
    frame[5] = (byte) ((31 - 10) << 3);
    return frame;
  }

  @ParameterizedTest
  @CsvSource({
    "OCI_GZIP, tar, something not compressed",
    "OCI_GZIP, zstd, zstd",
    "OCI_GZIP, xz, xz",
    "DOCKER_GZIP, zstd, zstd",
    "OCI_ZSTD, gzip, gzip",
    "OCI_TAR, xz, xz",
    "OCI_TAR, bzip2, bzip2"
  })
  void x_11_bytes_are_what_the_media_type_says(Packing declared, String actual, String named)
      throws IOException {
    byte[] content =
        switch (actual) {
          case "tar" -> GOOD;
          case "zstd" -> Zstd.compress(GOOD);
          case "xz" -> InitramfsFixture.xz(GOOD);
          case "gzip" -> gzip(GOOD);
          default -> "BZh9".getBytes(UTF_8);
        };
    String refusal = refusal(declared, content);
    assertContains("is declared", refusal);
    assertContains("but begins like " + named, refusal);
  }

  @Test
  void x_11_where_the_media_type_only_says_tar_packed_layers_are_read() throws IOException {
    for (byte[] packed : new byte[][] {gzip(GOOD), Zstd.compress(GOOD)}) {
      String docker = "application/vnd.docker.image.rootfs.diff.tar";
      TestLayers layers = new TestLayers(temp).add(docker, packed, Digest.of(GOOD));
      BootFiles files = extract(layers, Limits.DEFAULT);
      assertEquals(Digest.of(KERNEL), digest(files, AssetName.VMLINUZ));
      for (BootFiles.Found found : files.files().values()) {
        Files.delete(found.file());
      }
    }
  }

  @Test
  void x_11_other_media_types_are_no_layers() {
    assertContains(
        "has the media type application/json",
        refusal(new TestLayers(temp).add("application/json", GOOD, null)));
  }

  @Test
  void x_12_a_bomb_is_given_up_after_64_mebibytes() throws IOException {
    byte[] bomb = bomb(96 << 20);
    TestLayers layers = new TestLayers(temp).add(Packing.OCI_GZIP.layerType(), bomb, null);
    assertContains("unpacks to more than 200 times its size", refusal(layers));
    try (Stream<Path> left = Files.walk(temp.resolve("out"))) {
      assertEquals(1, left.count(), "only the empty directory is left");
    }
  }

  @Test
  void x_12_layers_and_images_have_a_largest_size() throws IOException {
    Limits small = SmallLimits.layers(1 << 20, 3 << 19);
    byte[] big = gzip(new TarFixture().file("big", new byte[2 << 20]).bytes());
    byte[] half = gzip(new TarFixture().file("half", new byte[1 << 19]).bytes());
    String type = Packing.OCI_GZIP.layerType();
    assertContains(
        "unpacks to more than 1 MiB",
        String.valueOf(
            assertThrows(
                    ExtractException.class,
                    () -> extract(new TestLayers(temp).add(type, big, null), small))
                .getMessage()));
    TestLayers three =
        new TestLayers(temp).add(type, half, null).add(type, half, null).add(type, half, null);
    assertContains(
        "the image's layers unpack to more than 1 MiB",
        String.valueOf(
            assertThrows(ExtractException.class, () -> extract(three, small)).getMessage()));
  }

  @Test
  void x_16_the_unpacked_bytes_are_what_the_configuration_says() throws IOException {
    TestLayers layers =
        new TestLayers(temp)
            .add(Packing.OCI_GZIP.layerType(), gzip(GOOD), Digest.of(new byte[] {1}));
    assertContains("but the image's configuration says sha256:", refusal(layers));
  }

  @Test
  void an_interrupted_extraction_ends() {
    Thread.currentThread().interrupt();
    assertThrows(UncheckedIOException.class, () -> extract(GOOD));
    assertTrue(Thread.interrupted());
  }

  private static byte[] bomb(int bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(new TarFixture().header(AT + "vmlinuz", '0', "", bytes, h -> {}).unfinished());
      for (int i = 0; i < bytes >> 20; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    return out.toByteArray();
  }
}
