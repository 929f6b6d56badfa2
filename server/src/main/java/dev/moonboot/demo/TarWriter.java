package dev.moonboot.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;

/** Writes files into a tar archive in the ustar format (POSIX.1-2008, pax, "ustar Interchange"). */
final class TarWriter {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarWriter file(String name, int mode, byte[] content) {
    out.writeBytes(header(name, mode, content.length));
    out.writeBytes(content);
    out.writeBytes(new byte[-content.length & (BLOCK - 1)]);
    return this;
  }

  private static byte[] header(String name, int mode, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, octal(7, mode));
    put(header, 108, octal(7, 0)); // owner
    put(header, 116, octal(7, 0)); // group
    put(header, 124, octal(11, size));
    put(header, 136, octal(11, 0)); // time
    put(header, 156, "0"); // a regular file
    put(header, 257, "ustar\00000");
    Arrays.fill(header, 148, 156, (byte) ' '); // the checksum counts itself as blanks
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, octal(6, sum) + "\0");
    return header;
  }

  private static void put(byte[] header, int offset, String text) {
    System.arraycopy(text.getBytes(US_ASCII), 0, header, offset, text.length());
  }

  private static String octal(int digits, int value) {
    return String.format(Locale.ROOT, "%0" + digits + "o", value);
  }

  /** The archive with its end. */
  byte[] toByteArray() {
    byte[] files = out.toByteArray();
    return Arrays.copyOf(files, files.length + 2 * BLOCK);
  }
}
