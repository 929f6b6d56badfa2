package dev.moonboot.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** Text in the query of a URL (application/x-www-form-urlencoded, as Go's net/url reads it). */
final class QueryText {
  private static final int MAX_PRINTED = 1024;

  private QueryText() {}

  /** Plus is a space, {@code %hh} a byte of UTF-8; empty when an escape is malformed. */
  static Optional<String> decode(String encoded) {
    if (encoded.indexOf('%') < 0) {
      return Optional.of(encoded.replace('+', ' '));
    }
    byte[] in = encoded.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out.write(in[i] == '+' ? ' ' : in[i]);
        continue;
      }
      int high = i + 2 < in.length ? hexDigit(in[i + 1]) : -1;
      int low = i + 2 < in.length ? hexDigit(in[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      out.write(high << 4 | low);
      i += 2;
    }
    return Optional.of(out.toString(UTF_8));
  }

  private static int hexDigit(byte digit) {
    return Character.digit((char) (digit & 0xff), 16);
  }

  static boolean hasControl(String text) {
    return text.chars().anyMatch(QueryText::isControl);
  }

  /** Besides ISO control characters the two that some readers take as the end of a line. */
  private static boolean isControl(int c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  /** On one line, of bounded length, safe for a log. */
  static String printable(String text) {
    String cut = text.length() <= MAX_PRINTED ? text : text.substring(0, MAX_PRINTED) + "…";
    StringBuilder safe = new StringBuilder(cut.length());
    cut.chars().forEach(c -> safe.append(isControl(c) ? '?' : (char) c));
    return safe.toString();
  }
}
