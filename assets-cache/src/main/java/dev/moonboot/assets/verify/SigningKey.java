package dev.moonboot.assets.verify;

import dev.moonboot.assets.Digest;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private key that signs what is made here: ECDSA on P-256 with SHA-256, what cosign makes and
 * takes unless told otherwise. Never written anywhere: {@link #toString} tells the public key's
 * fingerprint.
 */
public final class SigningKey {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  /** SubjectPublicKeyInfo of an uncompressed point on P-256, up to the point (RFC 5480, 2). */
  private static final byte[] SPKI_HEAD =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  private static final int POINT = 65;

  private final PrivateKey key;
  private final PublicKey publicKey;
  private final Digest fingerprint;

  private SigningKey(PrivateKey key, PublicKey publicKey) {
    this.key = key;
    this.publicKey = publicKey;
    this.fingerprint = Digest.of(publicKey.getEncoded());
  }

  /**
   * Reads a private key in PEM: {@code BEGIN PRIVATE KEY} (PKCS #8) or {@code BEGIN EC PRIVATE KEY}
   * (SEC 1), without a passphrase.
   *
   * @throws IllegalArgumentException with a message for people when it cannot be used
   */
  public static SigningKey read(Path file) {
    Map<String, String> blocks = blocks(KeyFile.text(file));
    String pkcs8 = blocks.get("PRIVATE KEY");
    String sec1 = blocks.get("EC PRIVATE KEY");
    try {
      if (pkcs8 != null) {
        return of(file, EcKeyFile.ofPkcs8(decoded(pkcs8)));
      }
      if (sec1 != null && !sec1.contains("ENCRYPTED")) {
        return of(file, EcKeyFile.ofSec1(decoded(sec1)));
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          file
              + ": no private key on the curve P-256, or one without its public key; make one with"
              + " openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "
              + file,
          e);
    }
    boolean locked =
        sec1 != null || blocks.keySet().stream().anyMatch(n -> n.contains("ENCRYPTED"));
    throw new IllegalArgumentException(
        file
            + (locked
                ? ": the key has a passphrase, and nobody is there to type it; take it off with"
                    + " openssl pkey -in FILE -out "
                    + file
                : ": no private key in PEM (-----BEGIN PRIVATE KEY-----)"));
  }

  private static Map<String, String> blocks(String text) {
    Map<String, String> blocks = new LinkedHashMap<>();
    Matcher pem = PEM.matcher(text);
    while (pem.find()) {
      blocks.putIfAbsent(pem.group(1), pem.group(2));
    }
    // of an old locked one the headers have hyphens, which no base64 has
    if (blocks.isEmpty() && text.contains("BEGIN EC PRIVATE KEY") && text.contains("ENCRYPTED")) {
      blocks.put("EC PRIVATE KEY", "ENCRYPTED");
    }
    return blocks;
  }

  private static byte[] decoded(String base64) {
    return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
  }

  private static SigningKey of(Path file, EcKeyFile parts) throws GeneralSecurityException {
    byte[] point = parts.point();
    if (point.length != POINT) {
      throw new IllegalArgumentException("no point on P-256");
    }
    byte[] spki = new byte[SPKI_HEAD.length + POINT];
    System.arraycopy(SPKI_HEAD, 0, spki, 0, SPKI_HEAD.length);
    System.arraycopy(point, 0, spki, SPKI_HEAD.length, POINT);
    KeyFactory factory = KeyFactory.getInstance("EC");
    SigningKey key =
        new SigningKey(
            factory.generatePrivate(new PKCS8EncodedKeySpec(parts.pkcs8())),
            factory.generatePublic(new X509EncodedKeySpec(spki)));
    Digest probe = Digest.of(point);
    if (!SignatureCheck.isGoodForHash(
        SignatureAlgorithm.ECDSA_P256_SHA256, key.publicKey, probe.bytes(), key.signHash(probe))) {
      throw new IllegalArgumentException(file + ": its public key is not that of its private key");
    }
    return key;
  }

  /** SHA-256 of the public key's DER SubjectPublicKeyInfo, as policies name keys. */
  public Digest fingerprint() {
    return fingerprint;
  }

  /** The public key as a policy trusts it. */
  public TrustedKey trusted() {
    return TrustedKey.kept(publicKey.getEncoded(), SignatureAlgorithm.ECDSA_P256_SHA256);
  }

  /** The public key in PEM, as {@code cosign.pub} is. */
  public String publicPem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /**
   * A signature over the message whose SHA-256 this is, in DER. Another one each time, since ECDSA
   * takes a random number: whoever wants the same bytes again keeps them.
   */
  public byte[] signHash(Digest hash) {
    try {
      Signature signature = Signature.getInstance("NONEwithECDSA");
      signature.initSign(key);
      signature.update(hash.bytes());
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with " + this, e);
    }
  }

  @Override
  public String toString() {
    return "key " + fingerprint;
  }
}
