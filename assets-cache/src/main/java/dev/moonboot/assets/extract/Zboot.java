package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.assets.extract.BootFiles.Found;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The EFI zboot container (Linux, drivers/firmware/efi/libstub/zboot-header.S): a small EFI program
 * with a compressed kernel behind it. Little-endian: 4 "zimg", 8 offset and 12 size of the payload,
 * 0x18 the compression's name.
 */
final class Zboot {
  private static final int HEADER = 0x40;

  private Zboot() {}

  static boolean is(byte[] head) {
    return head.length >= HEADER
        && head[0] == 'M'
        && head[1] == 'Z'
        && new String(head, 4, 4, ISO_8859_1).equals("zimg");
  }

  /**
   * Writes the raw {@code Image} inside to {@code to}.
   *
   * @return empty where it is packed with something we do not unpack (lzma, lz4, lzo): EFI firmware
   *     boots such a kernel all the same
   * @throws ExtractException when the container or its payload is broken
   */
  static Optional<Found> unwrap(Path kernel, Path to, Limits limits) {
    try (FileSlice file = FileSlice.of(kernel)) {
      byte[] head = file.readNBytes(HEADER);
      if (!is(head)) {
        throw new ExtractException("is no EFI zboot kernel");
      }
      ByteBuffer in = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      long offset = Integer.toUnsignedLong(in.getInt(8));
      long size = Integer.toUnsignedLong(in.getInt(12));
      if (offset < HEADER || size == 0 || offset + size > file.size()) {
        throw new ExtractException(
            "is an EFI zboot kernel whose payload (%d bytes at %d) is not in the file"
                .formatted(size, offset));
      }
      return unpack(file, offset, size, to, limits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Found> unpack(
      FileSlice file, long offset, long size, Path to, Limits limits) throws IOException {
    file.window(offset, size);
    byte[] magic = file.readNBytes(Compression.MAGIC);
    file.window(offset, size);
    Compression packing = Compression.sniff(magic); // the name in the header is only a hint
    if (packing == Compression.NONE || packing == Compression.BZIP2) {
      return Optional.empty();
    }
    try (InputStream raw = Compression.one(packing, file);
        HashedFile out = new HashedFile(to)) {
      byte[] buffer = new byte[HashedFile.BUFFER];
      long total = 0;
      for (int count; (count = raw.readNBytes(buffer, 0, buffer.length)) > 0; ) {
        if (total == 0 && !KernelSniffer.isArm64Image(buffer)) {
          throw new ExtractException("is an EFI zboot kernel with no arm64 Image inside");
        }
        total += count;
        if (total > limits.kernelBytes()) {
          throw new ExtractException(
              "unpacks to a kernel of more than " + Limits.bytes(limits.kernelBytes()));
        }
        out.write(buffer, 0, count);
      }
      if (total == 0) {
        throw new ExtractException("is an EFI zboot kernel with nothing inside");
      }
      return Optional.of(out.found("vmlinuz unwrapped (zboot, " + packing.label() + ")"));
    } catch (IOException e) {
      throw new ExtractException(
          "is an EFI zboot kernel that cannot be unpacked: " + e.getMessage(), e);
    }
  }
}
