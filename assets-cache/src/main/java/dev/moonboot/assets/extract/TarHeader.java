package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** One header block of a tar archive. */
record TarHeader(
    String name, char type, long size, int mode, String link, boolean hasSparseExtension) {
  private static final byte[] USTAR = "ustar\0".getBytes(US_ASCII);
  private static final int MODE = 07777;
  private static final long MAX = 1L << 40; // far above what any limit lets through

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * @throws ExtractException when the checksum or a number is wrong
   */
  static TarHeader parse(byte[] block) {
    requireChecksum(block);
    String name = TarReader.text(block, 0, 100);
    // GNU's own format ("ustar ") keeps other things where POSIX has the prefix.
    if (Arrays.equals(block, 257, 263, USTAR, 0, 6) && block[345] != 0) {
      name = TarReader.text(block, 345, 500) + "/" + name;
    }
    return new TarHeader(
        name,
        (char) Byte.toUnsignedInt(block[156]),
        number(block, 124, 12),
        (int) number(block, 100, 8) & MODE,
        TarReader.text(block, 157, 257),
        block[482] != 0);
  }

  private static void requireChecksum(byte[] block) {
    long unsigned = 0;
    long signed = 0; // what some old programs computed
    for (int i = 0; i < block.length; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += Byte.toUnsignedInt(b);
      signed += b;
    }
    long stated = number(block, 148, 8);
    if (stated != unsigned && stated != signed) {
      throw new ExtractException("the layer's tar archive has a header with a wrong checksum");
    }
  }

  /** Octal digits, or GNU's base 256 with the first bit set. */
  private static long number(byte[] block, int at, int length) {
    return block[at] < 0 ? base256(block, at, length) : octal(block, at, at + length);
  }

  private static long base256(byte[] block, int at, int length) {
    long value = block[at] & 0x7f; // 0x7f: all ones, a negative number
    for (int i = at + 1; i < at + length; i++) {
      value = value << 8 | Byte.toUnsignedInt(block[i]);
      if (value > MAX) {
        throw outOfRange();
      }
    }
    return value;
  }

  private static long octal(byte[] block, int from, int to) {
    int at = from;
    while (at < to && block[at] == ' ') {
      at++;
    }
    long value = 0;
    while (at < to && block[at] >= '0' && block[at] <= '7') {
      value = value << 3 | (block[at++] - '0');
    }
    if (at < to && block[at] != ' ' && block[at] != 0) {
      throw new ExtractException("the layer's tar archive has a header with a malformed number");
    }
    return value;
  }

  static ExtractException outOfRange() {
    return new ExtractException(
        "the layer's tar archive has an entry with a negative or impossible size");
  }

  /** Whether this is about the next entry, or all, and no member itself. */
  boolean isMetadata() {
    return type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K';
  }

  /**
   * @param effectiveName the name with extended headers applied: a slash at its end makes what is
   *     otherwise a file a directory
   */
  TarEntry.Kind kind(String effectiveName) {
    return switch (type) {
      case '0', '\0' -> effectiveName.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
      case '1' -> TarEntry.Kind.HARD_LINK;
      case '2' -> TarEntry.Kind.SYMLINK;
      case '3' -> TarEntry.Kind.CHARACTER_DEVICE;
      case '4' -> TarEntry.Kind.BLOCK_DEVICE;
      case '5' -> TarEntry.Kind.DIRECTORY;
      case '6' -> TarEntry.Kind.FIFO;
      case '7' -> TarEntry.Kind.CONTIGUOUS;
      case 'S' -> TarEntry.Kind.SPARSE;
      default -> TarEntry.Kind.UNKNOWN;
    };
  }

  /** Types 1 to 6 have no body; readers disagree what a size there means. */
  boolean mayHaveBody() {
    return type < '1' || type > '6';
  }
}
