package dev.moonboot.assets.verify;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The form of an ECDSA signature: {@code SEQUENCE { INTEGER r, INTEGER s }} in DER (RFC 3279,
 * 2.2.3). Checked before any library sees it: exactly one encoding, nothing behind it, and 0 &lt;
 * r, s &lt; n (CVE-2022-21449 was a library that let r = s = 0 pass).
 */
final class EcdsaSignature {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;

  private final byte[] der;
  private int at;

  private EcdsaSignature(byte[] der) {
    this.der = der;
  }

  /** Whether {@code der} is such a signature for a curve of that order. */
  static boolean isWellFormed(byte[] der, BigInteger order) {
    var reader = new EcdsaSignature(der);
    return reader.header(SEQUENCE) == der.length - reader.at
        && reader.number(order)
        && reader.number(order)
        && reader.at == der.length;
  }

  private boolean number(BigInteger order) {
    int length = header(INTEGER);
    if (length < 1 || length > der.length - at) {
      return false;
    }
    byte[] bytes = Arrays.copyOfRange(der, at, at + length);
    at += length;
    boolean padded = length > 1 && bytes[0] == 0 && bytes[1] >= 0;
    BigInteger number = new BigInteger(bytes);
    return !padded && number.signum() > 0 && number.compareTo(order) < 0;
  }

  /** The length that follows {@code tag}, in its shortest form; −1 when it is not there. */
  private int header(int tag) {
    if (at + 2 > der.length || (der[at] & 0xff) != tag) {
      return -1;
    }
    int length = der[at + 1] & 0xff;
    at += 2;
    if (length == 0x81 && at < der.length) {
      length = der[at++] & 0xff;
      return length < 0x80 ? -1 : length;
    }
    return length < 0x80 ? length : -1; // 256 bytes and more: no curve of ours
  }
}
