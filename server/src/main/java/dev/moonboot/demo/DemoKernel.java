package dev.moonboot.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.assets.Arch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * Kernels that say they are a demo. The one for amd64 boots by BIOS: {@code kernel-amd64.S} beside
 * this class in the resources is its source. The one for arm64 has the right headers and a loop.
 */
final class DemoKernel {
  private static final int VERSION_SIZE = 128;
  private static final int SETUP_SECTORS = 0x1f1; // offsets of the x86 setup header
  private static final int KERNEL_VERSION = 0x20e;

  private static final int ZBOOT_PAYLOAD = 0x200;
  private static final int LINUX_PE_MAGIC = 0x818223cd;

  private DemoKernel() {}

  /** The kernel as an image carries it: an x86 bzImage, or an arm64 {@code Image} as EFI zboot. */
  static byte[] of(Arch arch, String release) {
    return switch (arch) {
      case AMD64 -> bzImage(release);
      case ARM64 -> zboot(image(release));
    };
  }

  private static byte[] bzImage(String release) {
    byte[] bytes = assembled();
    ByteBuffer kernel = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (kernel.get(SETUP_SECTORS) != 3) {
      throw new IllegalStateException("kernel-amd64.hex is not what this class was written for");
    }
    byte[] version = (release + " (moonboot demo, not Talos) #1").getBytes(US_ASCII);
    if (version.length >= VERSION_SIZE) {
      throw new IllegalArgumentException("release too long for the demo kernel: " + release);
    }
    kernel.put(kernel.getShort(KERNEL_VERSION) + 0x200, version);
    return bytes;
  }

  /** What {@code kernel-amd64.S} assembles to. */
  static byte[] assembled() {
    try (var in = DemoKernel.class.getResourceAsStream("kernel-amd64.hex")) {
      if (in == null) {
        throw new IllegalStateException("kernel-amd64.hex is missing in this build");
      }
      String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replace("\n", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An arm64 {@code Image} (kernel doc, arch/arm64/booting.rst) that loops for ever. */
  private static byte[] image(String release) {
    byte[] banner =
        ("Linux version " + release + " (moonboot demo, not Talos) #1\n").getBytes(US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, 0x91005a4d); // code0: add x13, x18, #0x16, which reads "MZ"
    out.putInt(4, 0x14000000); // code1: b .
    out.putLong(16, out.capacity()).putLong(24, 0b1010); // image size; 4 KiB pages, placed anywhere
    out.put(0x38, "ARMd".getBytes(US_ASCII)).put(0x100, banner);
    return out.array();
  }

  /**
   * The EFI zboot container of the kernel's {@code drivers/firmware/efi/libstub/zboot-header.S}.
   */
  private static byte[] zboot(byte[] image) {
    byte[] payload = gzip(image);
    ByteBuffer out =
        ByteBuffer.allocate(ZBOOT_PAYLOAD + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(0, "MZ".getBytes(US_ASCII)).put(4, "zimg".getBytes(US_ASCII));
    out.putInt(8, ZBOOT_PAYLOAD).putInt(12, payload.length).put(0x18, "gzip".getBytes(US_ASCII));
    out.putInt(0x38, LINUX_PE_MAGIC).putInt(0x3c, 0x40);
    return out.put(ZBOOT_PAYLOAD, payload).array();
  }

  static byte[] gzip(byte[] content) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
