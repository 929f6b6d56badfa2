package dev.moonboot.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** As much DER (X.690) as it takes to put a key of an old form into a PKCS #8 one. */
final class Der {
  /** The algorithm {@code rsaEncryption} without parameters (RFC 8017, A.1). */
  static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  private static final byte SEQUENCE = 0x30;
  private static final byte OCTETS = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private Der() {}

  /** The {@code PrivateKeyInfo} (RFC 5958) of a key in the form of its own algorithm. */
  static byte[] pkcs8(byte[] algorithm, byte[] key) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(VERSION_0);
    content.writeBytes(algorithm);
    content.writeBytes(value(OCTETS, key));
    return value(SEQUENCE, content.toByteArray());
  }

  /** The {@code AlgorithmIdentifier} of a {@code SubjectPublicKeyInfo} (RFC 5280, 4.1). */
  static byte[] algorithm(byte[] publicKey) {
    int start = content(publicKey, 0);
    int inner = content(publicKey, start);
    return Arrays.copyOfRange(publicKey, start, inner + length(publicKey, start + 1));
  }

  /** Where the content of the value at {@code at} starts. */
  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 1; i <= (first & 0x7f); i++) {
      length = (length << 8) | (der[at + i] & 0xff);
    }
    return length;
  }

  private static byte[] value(byte tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
      out.write(0x80 | octets);
      for (int i = octets - 1; i >= 0; i--) {
        out.write(content.length >> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
