package dev.moonboot.assets.verify;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** The arithmetic of a signature: the JDK's, after a look at the form. */
final class SignatureCheck {
  private static final int ED25519_BYTES = 64;

  private SignatureCheck() {}

  /** Whether {@code signature} over {@code message} is by that key and algorithm. */
  static boolean isGood(
      SignatureAlgorithm algorithm, PublicKey key, byte[] message, byte[] signature) {
    return verify(algorithm, algorithm.javaName(), key, message, signature);
  }

  /**
   * As {@link #isGood}, where only the SHA-256 of the message is known.
   *
   * @return false also for algorithms that need the message itself
   */
  static boolean isGoodForHash(
      SignatureAlgorithm algorithm, PublicKey key, byte[] hash, byte[] signature) {
    return algorithm == SignatureAlgorithm.ECDSA_P256_SHA256
        && verify(algorithm, "NONEwithECDSA", key, hash, signature);
  }

  private static boolean verify(
      SignatureAlgorithm algorithm, String name, PublicKey key, byte[] message, byte[] signature) {
    if (!algorithm.fits(key) || !isWellFormed(key, signature)) {
      return false;
    }
    try {
      Signature check = Signature.getInstance(name);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // the library's way to say that it is no signature
    }
  }

  private static boolean isWellFormed(PublicKey key, byte[] signature) {
    return switch (key) {
      case ECPublicKey ec -> EcdsaSignature.isWellFormed(signature, ec.getParams().getOrder());
      case RSAPublicKey rsa -> signature.length == (rsa.getModulus().bitLength() + 7) / 8;
      default -> signature.length == ED25519_BYTES;
    };
  }
}
