package dev.moonboot.assets.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.testing.KernelFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelSnifferTest {
  @TempDir Path temp;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(temp.resolve("vmlinuz"), bytes);
  }

  @Test
  void a_bzimage_gives_its_release() throws IOException {
    assertEquals(
        new Kernel(Arch.AMD64, Kernel.Format.BZIMAGE, "6.18.9-talos"),
        KernelSniffer.sniff(file(KernelFixture.bzImage("6.18.9-talos"))));
  }

  @Test
  void a_raw_image_gives_its_release_wherever_it_stands() throws IOException {
    byte[] image = Arrays.copyOf(KernelFixture.arm64Image("x"), 1 << 20);
    byte[] banner = "Linux version 6.1.0-rc2+ (gcc".getBytes(StandardCharsets.US_ASCII);
    for (int at : new int[] {262_144 - 20, 262_144 - 14, 524_288 - 5, image.length - 40}) {
      byte[] placed = image.clone();
      System.arraycopy(banner, 0, placed, at, banner.length);
      assertEquals(
          new Kernel(Arch.ARM64, Kernel.Format.ARM64_IMAGE, "6.1.0-rc2+"),
          KernelSniffer.sniff(file(placed)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "zstd22", "xzkern"})
  void a_zboot_kernel_is_unwrapped(String compression) throws IOException {
    byte[] image = KernelFixture.arm64Image("6.18.9-talos");
    Path kernel = file(KernelFixture.zboot(image, compression));
    Path out = temp.resolve("image");
    assertEquals(Kernel.Format.EFI_ZBOOT, KernelSniffer.sniff(kernel).format());
    assertTrue(Zboot.unwrap(kernel, out, Limits.DEFAULT).isPresent());
    assertArrayEquals(image, Files.readAllBytes(out));
    assertEquals("6.18.9-talos", KernelSniffer.bannerRelease(out));
  }

  @Test
  void a_zboot_kernel_packed_otherwise_stays_wrapped() throws IOException {
    Path kernel = file(KernelFixture.zboot(new byte[100], "lz4"));
    assertTrue(Zboot.unwrap(kernel, temp.resolve("image"), Limits.DEFAULT).isEmpty());
  }

  @Test
  void a_zboot_payload_outside_the_file_is_refused() throws IOException {
    byte[] zboot = KernelFixture.zboot(KernelFixture.arm64Image("6.1"), "zstd");
    for (int field : new int[] {8, 12}) {
      byte[] bad = zboot.clone();
      ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(field, 0x7fff_ffff);
      Path kernel = file(bad);
      assertThrows(
          ExtractException.class,
          () -> Zboot.unwrap(kernel, temp.resolve("image"), Limits.DEFAULT));
    }
  }

  @Test
  void a_zboot_that_unpacks_to_too_much_is_refused() throws IOException {
    byte[] image = Arrays.copyOf(KernelFixture.arm64Image("6.1"), 2 << 20);
    Path kernel = file(KernelFixture.zboot(image, "zstd"));
    var refusal =
        assertThrows(
            ExtractException.class,
            () -> Zboot.unwrap(kernel, temp.resolve("image"), SmallLimits.kernel(1 << 20)));
    assertEquals("unpacks to a kernel of more than 1 MiB", refusal.getMessage());
  }
}
