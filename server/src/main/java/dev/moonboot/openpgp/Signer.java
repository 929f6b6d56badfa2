package dev.moonboot.openpgp;

/**
 * Makes detached OpenPGP signatures (RFC 4880, 5.2: version 4, of a canonical text document). Safe
 * for use by many threads.
 */
public interface Signer {
  /** The signature of {@code text}, binary. */
  byte[] sign(byte[] text);

  /** A signature in ASCII armor (RFC 4880, 6), without a line feed at the end. */
  String armored(byte[] signature);
}
