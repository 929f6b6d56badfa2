package dev.moonboot.assets.verify;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a key signs. The policy says which, never what is signed. */
public enum SignatureAlgorithm {
  /** What cosign makes unless told otherwise. */
  ECDSA_P256_SHA256("SHA256withECDSA", "P-256"),
  ECDSA_P384_SHA384("SHA384withECDSA", "P-384"),
  ED25519("Ed25519", "Ed25519"),
  /** PKCS #1 v1.5 (RFC 8017, 8.2) with a modulus of at least 3072 bits. */
  RSA_PKCS1_SHA256("SHA256withRSA", "RSA of 3072 bits or more");

  private static final int LEAST_RSA_BITS = 3072;

  private final String javaName;
  private final String keyKind;

  SignatureAlgorithm(String javaName, String keyKind) {
    this.javaName = javaName;
    this.keyKind = keyKind;
  }

  /** As it is written in a policy: {@code ecdsa-p256-sha256}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What keys it takes, for people. */
  String keyKind() {
    return keyKind;
  }

  /** The name that {@link java.security.Signature} knows it by. */
  String javaName() {
    return javaName;
  }

  /** The algorithm written {@code id}; empty when there is none. */
  public static Optional<SignatureAlgorithm> parse(String id) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.id().equals(id)).findFirst();
  }

  /** Whether a key is of the kind that this algorithm takes. */
  boolean fits(PublicKey key) {
    return switch (this) {
      case ECDSA_P256_SHA256 -> isCurve(key, EcCurves.P256);
      case ECDSA_P384_SHA384 -> isCurve(key, EcCurves.P384);
      case ED25519 ->
          key instanceof EdECPublicKey edwards
              && NamedParameterSpec.ED25519.getName().equals(edwards.getParams().getName());
      case RSA_PKCS1_SHA256 ->
          key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
    };
  }

  private static boolean isCurve(PublicKey key, ECParameterSpec curve) {
    return key instanceof ECPublicKey ec
        && ec.getParams().getCurve().equals(curve.getCurve())
        && ec.getParams().getGenerator().equals(curve.getGenerator())
        && ec.getParams().getOrder().equals(curve.getOrder());
  }
}
