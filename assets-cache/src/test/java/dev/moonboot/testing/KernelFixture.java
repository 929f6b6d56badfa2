package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.ARM64Options;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** The smallest things that pass for Linux kernels (kernel doc: x86/boot, arm64/booting). */
public final class KernelFixture {
  private static final int SIZE = 8192;

  private KernelFixture() {}

  /** An x86 bzImage that gives {@code release} as its kernel release. */
  public static byte[] bzImage(String release) {
    byte[] bytes = new byte[SIZE];
    ByteBuffer kernel = little(bytes);
    kernel.put(0, ascii("MZ")).put(0x1f1, (byte) 1).putShort(0x1fe, (short) 0xaa55);
    kernel.put(0x202, ascii("HdrS")).putShort(0x206, (short) 0x20f).putShort(0x20e, (short) 0x400);
    kernel.put(0x600, ascii(release + " (fixture) #1"));
    return bytes;
  }

  /** An arm64 raw {@code Image}. */
  public static byte[] arm64Image(String release) {
    byte[] bytes = new byte[SIZE];
    ByteBuffer kernel = little(bytes);
    kernel.put(0, ascii("MZ")).putLong(16, SIZE).put(0x38, ascii("ARMd"));
    kernel.put(0x200, ascii("Linux version " + release + " (fixture) #1"));
    return bytes;
  }

  /**
   * An EFI zboot container as drivers/firmware/efi/libstub/Makefile.zboot makes it.
   *
   * @param compression {@code gzip}, {@code zstd}, {@code xzkern}, or any other name, whose payload
   *     is then stored as it is
   */
  public static byte[] zboot(byte[] image, String compression) {
    byte[] payload =
        switch (compression) {
          case "gzip" -> gzip(image);
          case "zstd", "zstd22" -> Zstd.compress(image, 19);
          case "xzkern" -> xz(image, new ARM64Options(), new LZMA2Options());
          default -> image;
        };
    int offset = 0x1000;
    boolean counted = compression.equals("gzip"); // its size is part of the stream (RFC 1952)
    byte[] bytes = new byte[offset + payload.length + (counted ? 0 : 4)];
    ByteBuffer out = little(bytes);
    out.put(0, ascii("MZ")).put(4, ascii("zimg")).putInt(8, offset).putInt(12, payload.length);
    out.put(0x18, ascii(compression)).putInt(0x38, 0x818223cd).putInt(0x3c, 0x40);
    out.put(offset, payload);
    if (!counted) {
      out.putInt(offset + payload.length, image.length);
    }
    return bytes;
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** xz with a CRC32, the only check the kernel knows. */
  static byte[] xz(byte[] content, FilterOptions... filters) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, filters, XZ.CHECK_CRC32)) {
      xz.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
