package dev.moonboot.openpgp;

/** Makes detached OpenPGP signatures (RFC 4880, 5.2: version 4, of a canonical text document). */
public interface Signer {
  /** The signature of {@code text}, binary. */
  byte[] sign(byte[] text);

  /** The same in ASCII armor, without a line feed at the end. */
  String armored(byte[] text);
}
