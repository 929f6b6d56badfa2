package dev.moonboot.openpgp;

import java.io.ByteArrayOutputStream;

/** Text as it is hashed: every line ends with CR LF (RFC 4880, 5.2.4). */
final class CanonicalText {
  private CanonicalText() {}

  /** A CR that no LF follows is no line end, to GnuPG and to Go's openpgp: it stays as it is. */
  static byte[] of(byte[] text) {
    ByteArrayOutputStream canonical = new ByteArrayOutputStream(text.length + text.length / 16);
    byte before = 0;
    for (byte b : text) {
      if (b == '\n' && before != '\r') {
        canonical.write('\r');
      }
      canonical.write(b);
      before = b;
    }
    return canonical.toByteArray();
  }
}
