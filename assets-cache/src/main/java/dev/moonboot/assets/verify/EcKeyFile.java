package dev.moonboot.assets.verify;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A private key on P-256 as files hold it, taken apart as far as Java does not: {@code
 * ECPrivateKey} (RFC 5915, 3), and that in {@code PrivateKeyInfo} (RFC 5208, 5).
 *
 * @param pkcs8 all of it as PrivateKeyInfo
 * @param point the public key, as a point of the curve
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EcKeyFile(byte[] pkcs8, byte[] point) {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;
  private static final int PUBLIC_KEY = 0xa1;

  /** {@code ecPublicKey} on {@code prime256v1}. */
  private static final byte[] ALGORITHM =
      HexFormat.of().parseHex("06072a8648ce3d020106082a8648ce3d030107");

  private static final byte[] CURVE = HexFormat.of().parseHex("06082a8648ce3d030107");

  /**
   * Reads PrivateKeyInfo.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static EcKeyFile ofPkcs8(byte[] der) {
    var info = new Reader(new Reader(der).take(SEQUENCE));
    info.take(INTEGER);
    if (!Arrays.equals(info.take(SEQUENCE), ALGORITHM)) {
      throw new IllegalArgumentException("no key on P-256");
    }
    return new EcKeyFile(der, point(info.take(OCTET_STRING)));
  }

  /**
   * Reads ECPrivateKey.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static EcKeyFile ofSec1(byte[] der) {
    byte[] point = point(der);
    var info = new ByteArrayOutputStream();
    info.writeBytes(element(INTEGER, new byte[1]));
    info.writeBytes(element(SEQUENCE, ALGORITHM));
    info.writeBytes(element(OCTET_STRING, der));
    return new EcKeyFile(element(SEQUENCE, info.toByteArray()), point);
  }

  private static byte[] point(byte[] ecPrivateKey) {
    var key = new Reader(new Reader(ecPrivateKey).take(SEQUENCE));
    key.take(INTEGER);
    key.take(OCTET_STRING);
    if (key.isNext(PARAMETERS) && !Arrays.equals(key.take(PARAMETERS), CURVE)) {
      throw new IllegalArgumentException("no key on P-256");
    }
    byte[] bits = new Reader(key.take(PUBLIC_KEY)).take(BIT_STRING);
    return Arrays.copyOfRange(bits, 1, bits.length); // the first byte says how many bits are unused
  }

  private static byte[] element(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length >= 0x80) {
      out.write(0x81); // nothing here has more than 255 bytes
    }
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  /** Elements one after the other. */
  private static final class Reader {
    private final byte[] der;
    private int at;

    Reader(byte[] der) {
      this.der = der;
    }

    boolean isNext(int tag) {
      return at < der.length && (der[at] & 0xff) == tag;
    }

    /** The content of the next element, which must be of that kind. */
    byte[] take(int tag) {
      if (!isNext(tag) || at + 2 > der.length) {
        throw new IllegalArgumentException("no key as RFC 5915 has it");
      }
      int length = der[at + 1] & 0xff;
      at += 2;
      if (length == 0x81 && at < der.length) {
        length = der[at++] & 0xff;
      } else if (length >= 0x80) {
        throw new IllegalArgumentException("longer than a key");
      }
      if (length > der.length - at) {
        throw new IllegalArgumentException("cut off");
      }
      at += length;
      return Arrays.copyOfRange(der, at - length, at);
    }
  }
}
