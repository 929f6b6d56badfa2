package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes a tar archive in the "ustar" format (POSIX.1-2017, pax, "ustar Interchange Format"). Owner
 * and time of every entry are 0, so that equal entries give equal bytes.
 */
final class TarWriter implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final long MAX_SIZE = (1L << 33) - 1; // eleven octal digits
  private static final int NAME = 100;

  private final OutputStream out;

  /**
   * @param out receives the archive; is not closed with this
   */
  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes a directory of mode 0755; {@code name} is without a slash at its end. */
  void directory(String name) throws IOException {
    header(name + "/", 0755, 0, '5');
  }

  /**
   * Writes a regular file of mode 0644 and exactly {@code size} bytes from {@code content}.
   *
   * @throws IOException also when the content is of another size
   */
  void file(String name, long size, InputStream content) throws IOException {
    header(name, 0644, size, '0');
    long copied = content.transferTo(out);
    if (copied != size) {
      throw new IOException("%s was to have %d bytes and has %d".formatted(name, size, copied));
    }
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  private void header(String name, int mode, long size, char type) throws IOException {
    byte[] nameBytes = name.getBytes(US_ASCII);
    if (nameBytes.length > NAME || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          name + ": a ustar entry has at most 100 letters and 8 GiB - 1");
    }
    byte[] block = new byte[BLOCK];
    System.arraycopy(nameBytes, 0, block, 0, nameBytes.length);
    put(block, 100, "%07o".formatted(mode));
    put(block, 108, "0000000"); // owner
    put(block, 116, "0000000"); // group
    put(block, 124, "%011o".formatted(size));
    put(block, 136, "00000000000"); // time
    block[156] = (byte) type;
    put(block, 257, "ustar\0" + "00");
    put(block, 329, "0000000");
    put(block, 337, "0000000");
    Arrays.fill(block, 148, 156, (byte) ' '); // counts as blanks in its own sum
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, "%06o\0".formatted(sum));
    out.write(block);
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /** Writes the two empty blocks that end an archive. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }
}
