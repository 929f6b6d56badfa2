package dev.moonboot.assets.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where the files of an image layout lie in a tar (POSIX.1-2017 pax, "ustar Interchange Format").
 *
 * <p>Only what such a layout needs: its names fit the header's name field, so long-name extensions
 * are passed over and entries with other names forgotten. Every header's checksum is checked, and
 * nothing may reach beyond the end of the file.
 */
final class TarIndex {
  /** Where the content of an entry is, in bytes from the start of the file. */
  record Entry(long offset, long size) {}

  private static final Pattern WANTED =
      Pattern.compile("oci-layout|index\\.json|blobs/sha256/[0-9a-f]{64}");
  private static final int BLOCK = 512;
  private static final int MAX_ENTRIES = 100_000;

  private final FileChannel file;
  private final long length;
  private final Map<String, Entry> entries = new HashMap<>();

  private TarIndex(FileChannel file) throws IOException {
    this.file = file;
    this.length = file.size();
  }

  /**
   * Reads all headers. Of entries with the same name the last counts, as tar has it.
   *
   * @throws IOException when it cannot be read, or is not a whole tar
   */
  static Map<String, Entry> read(FileChannel file) throws IOException {
    var index = new TarIndex(file);
    index.read();
    return Map.copyOf(index.entries);
  }

  private void read() throws IOException {
    long at = 0;
    for (int count = 0; at + BLOCK <= length; count++) {
      byte[] header = block(at);
      if (isEmpty(header)) {
        return; // the end is marked by empty blocks
      }
      if (count == MAX_ENTRIES) {
        throw new IOException("more than " + MAX_ENTRIES + " entries");
      }
      check(header, at);
      long content = at + BLOCK;
      long size = hasContent(header) ? number(header, 124, 12) : 0;
      if (size > length - content) {
        throw new IOException("the entry at byte " + at + " is cut off");
      }
      note(header, content, size);
      at = content + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    if (at < length) {
      throw new IOException("cut off in the header at byte " + at);
    }
  }

  private void note(byte[] header, long content, long size) {
    boolean regular = header[156] == '0' || header[156] == 0;
    String name = text(header, 0, 100);
    String plain = name.startsWith("./") ? name.substring(2) : name;
    if (regular && header[345] == 0 && WANTED.matcher(plain).matches()) {
      entries.put(plain, new Entry(content, size));
    }
  }

  /** Links, devices and directories have none, whatever their size field says. */
  private static boolean hasContent(byte[] header) {
    return header[156] < '1' || header[156] > '6';
  }

  private byte[] block(long at) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    while (block.hasRemaining()) {
      if (file.read(block, at + block.position()) < 0) {
        throw new IOException("cut off at byte " + at);
      }
    }
    return block.array();
  }

  private static boolean isEmpty(byte[] header) {
    for (byte b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static void check(byte[] header, long at) throws IOException {
    if (at == 0 && header[0] == 0x1f && (header[1] & 0xff) == 0x8b) {
      throw new IOException("compressed by gzip: unpack it first (gunzip)");
    }
    long sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? 0 : header[i] & 0xff;
    }
    if (number(header, 148, 8) != sum) {
      throw new IOException("not a tar: wrong checksum in the header at byte " + at);
    }
  }

  /** Octal digits, or (GNU) a binary number when the first bit is set. */
  private static long number(byte[] header, int from, int length) throws IOException {
    if ((header[from] & 0x80) != 0) {
      long value = header[from] & 0x7f;
      for (int i = 1; i < length; i++) {
        if (value > Long.MAX_VALUE >> 9) {
          throw new IOException("not a tar: a number is too large");
        }
        value = (value << 8) | (header[from + i] & 0xff);
      }
      return value;
    }
    String digits = text(header, from, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("not a tar: no octal number", e);
    }
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.ISO_8859_1);
  }
}
