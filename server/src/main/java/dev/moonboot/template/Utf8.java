package dev.moonboot.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Texts as Go has them: bytes, which mostly are UTF-8. A byte that is not part of a character (of
 * which a constant or a slice may consist) is kept as one of U+DC80 to U+DCFF.
 */
final class Utf8 {
  private static final int LOOSE = 0xDC00;

  private Utf8() {}

  static boolean isLoose(int c) {
    return c >= LOOSE + 0x80 && c <= LOOSE + 0xFF;
  }

  static char loose(int octet) {
    return (char) (LOOSE + (octet & 0xFF));
  }

  /** Bytes. */
  static int length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        bytes += isLoose(c) ? 1 : 3;
      }
    }
    return bytes;
  }

  static byte[] bytes(String text) {
    if (!hasLoose(text)) {
      return text.getBytes(UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          if (isLoose(c)) {
            bytes.write(c - LOOSE);
          } else {
            bytes.writeBytes(Character.toString(c).getBytes(UTF_8));
          }
        });
    return bytes.toByteArray();
  }

  /** Bytes {@code from} to {@code to}, exclusive. */
  static String slice(String text, int from, int to) {
    if (isAscii(text)) {
      return text.substring(from, to);
    }
    return text(bytes(text), from, to);
  }

  static int octet(String text, int at) {
    return isAscii(text) ? text.charAt(at) : bytes(text)[at] & 0xFF;
  }

  /** Loose bytes that now make a character become it; others become U+FFFD. */
  static String mend(String text) {
    return hasLoose(text) ? new String(bytes(text), UTF_8) : text;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasLoose(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints().anyMatch(Utf8::isLoose);
      }
    }
    return false;
  }

  private static String text(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    for (int i = from; i < to; ) {
      int size = size(bytes, i, to);
      if (size == 0) {
        text.append(loose(bytes[i++]));
      } else {
        text.append(new String(bytes, i, size, UTF_8));
        i += size;
      }
    }
    return text.toString();
  }

  /** Bytes of the character that begins at {@code at}; 0 when none does. */
  private static int size(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xFF;
    int size =
        first < 0x80
            ? 1
            : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (size == 0 || at + size > end) {
      return 0;
    }
    return new String(bytes, at, size, UTF_8).indexOf('\uFFFD') < 0
            || (first == 0xEF && (bytes[at + 1] & 0xFF) == 0xBF && (bytes[at + 2] & 0xFF) == 0xBD)
        ? size
        : 0;
  }
}
