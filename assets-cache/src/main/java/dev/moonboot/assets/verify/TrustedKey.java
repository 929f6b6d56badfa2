package dev.moonboot.assets.verify;

import dev.moonboot.assets.Digest;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A public key whose signatures count, and the algorithms that it may sign with. Immutable; read
 * once.
 */
public final class TrustedKey {
  /** What cosign signs with unless told otherwise. */
  public static final Set<SignatureAlgorithm> DEFAULT_ALGORITHMS =
      Set.of(SignatureAlgorithm.ECDSA_P256_SHA256);

  private static final List<String> KINDS = List.of("EC", "Ed25519", "RSA");
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private final String name;
  private final PublicKey key;
  private final Set<SignatureAlgorithm> algorithms;
  private final Digest fingerprint;

  private TrustedKey(String name, PublicKey key, Set<SignatureAlgorithm> algorithms) {
    this.name = name;
    this.key = key;
    this.algorithms = EnumSet.copyOf(algorithms);
    this.fingerprint = Digest.of(key.getEncoded());
  }

  /**
   * Reads a public key in PEM ({@code BEGIN PUBLIC KEY}), as {@code cosign public-key} and {@code
   * openssl pkey -pubout} write it.
   *
   * @param algorithms what it may sign with; all must be for keys of its kind
   * @throws IllegalArgumentException with a message for people when it cannot be used
   */
  public static TrustedKey read(Path file, Set<SignatureAlgorithm> algorithms) {
    PublicKey key = decode(file.toString(), der(file.toString(), KeyFile.text(file)));
    if (algorithms.isEmpty()) {
      throw new IllegalArgumentException(file + ": no algorithm is listed for it");
    }
    for (SignatureAlgorithm algorithm : algorithms) {
      if (!algorithm.fits(key)) {
        throw new IllegalArgumentException(misfit(file, key, algorithm));
      }
    }
    return new TrustedKey(String.valueOf(file.getFileName()), key, algorithms);
  }

  /**
   * A key that was kept in a proof.
   *
   * @throws IllegalArgumentException when it is none, or none for that algorithm
   */
  static TrustedKey kept(byte[] der, SignatureAlgorithm algorithm) {
    PublicKey key = decode("the kept key", der);
    if (!algorithm.fits(key) || !Arrays.equals(der, key.getEncoded())) {
      throw new IllegalArgumentException("the kept key is not for " + algorithm.id());
    }
    return new TrustedKey("the kept key", key, Set.of(algorithm));
  }

  private static String misfit(Path file, PublicKey key, SignatureAlgorithm algorithm) {
    String fitting =
        Arrays.stream(SignatureAlgorithm.values())
            .filter(other -> other.fits(key))
            .map(SignatureAlgorithm::id)
            .collect(Collectors.joining(", "));
    return "%s is no key for %s, which takes %s; %s"
        .formatted(
            file,
            algorithm.id(),
            algorithm.keyKind(),
            fitting.isEmpty()
                ? "signatures of such keys are not taken at all"
                : "for this key list algorithms: [" + fitting + "]");
  }

  private static byte[] der(String what, String text) {
    Matcher pem = PEM.matcher(text);
    if (!pem.find()) {
      throw new IllegalArgumentException(what + ": no key in PEM (-----BEGIN PUBLIC KEY-----)");
    }
    if (!pem.group(1).equals("PUBLIC KEY")) {
      throw new IllegalArgumentException(
          "%s: holds a %s, and a PUBLIC KEY is needed (openssl pkey -in KEY -pubout)"
              .formatted(what, pem.group(1)));
    }
    try {
      byte[] der = Base64.getDecoder().decode(pem.group(2).replaceAll("\\s", ""));
      if (pem.find()) {
        throw new IllegalArgumentException(what + ": holds several keys; one a file is read");
      }
      return der;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  private static PublicKey decode(String what, byte[] der) {
    return KINDS.stream()
        .flatMap(kind -> decoded(kind, der).stream())
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(what + ": not an EC, Ed25519 or RSA public key"));
  }

  private static Optional<PublicKey> decoded(String kind, byte[] der) {
    try {
      return Optional.of(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der)));
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // of another kind, or nothing at all
    }
  }

  /** The file it came from, without its folder. */
  public String name() {
    return name;
  }

  /** SHA-256 of its DER SubjectPublicKeyInfo (RFC 5280, 4.1). */
  public Digest fingerprint() {
    return fingerprint;
  }

  /** What it may sign with. */
  public Set<SignatureAlgorithm> algorithms() {
    return Set.copyOf(algorithms);
  }

  PublicKey key() {
    return key;
  }

  /** By fingerprint and algorithms: where it was read does not matter. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TrustedKey that
        && fingerprint.equals(that.fingerprint)
        && algorithms.equals(that.algorithms);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "key " + name + " (" + fingerprint + ")";
  }
}
