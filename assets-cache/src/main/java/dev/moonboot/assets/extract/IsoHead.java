package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The first descriptors of an ISO image (ECMA-119, 9.4; El Torito 1.0, 2.0): whether it is one, is
 * whole, and can be booted.
 */
final class IsoHead {
  private static final int SECTOR = 2048;
  private static final int FIRST = 16 * SECTOR; // what stands before it is the system's
  private static final String EL_TORITO = "EL TORITO SPECIFICATION";

  private IsoHead() {}

  /**
   * Reads them.
   *
   * @throws ExtractException when the file is no ISO image that can be booted
   */
  static void check(Path file) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] head = new byte[2 * SECTOR];
      if (in.length() < FIRST + head.length) {
        throw new ExtractException("is no ISO image: it has %d bytes".formatted(in.length()));
      }
      in.seek(FIRST);
      in.readFully(head);
      check(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN), in.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(ByteBuffer head, long length) {
    if (head.get(0) != 1 || !text(head, 1, 5).equals("CD001")) {
      throw new ExtractException("is no ISO image");
    }
    long whole = Integer.toUnsignedLong(head.getInt(80)) * Short.toUnsignedInt(head.getShort(128));
    if (whole > length) {
      throw new ExtractException(
          "is an ISO image of %d bytes, of which %d are there".formatted(whole, length));
    }
    if (head.get(SECTOR) != 0 || !text(head, SECTOR + 7, EL_TORITO.length()).equals(EL_TORITO)) {
      throw new ExtractException("is an ISO image that no machine boots from (El Torito)");
    }
  }

  private static String text(ByteBuffer in, int at, int length) {
    byte[] bytes = new byte[length];
    in.get(at, bytes);
    return new String(bytes, US_ASCII);
  }
}
