package dev.moonboot.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key with the certificate that belongs to it, as their files hold them.
 *
 * @param chain the certificate first, then those that signed it
 */
public record KeyPairFiles(PrivateKey key, List<X509Certificate> chain) {
  private static final byte[] PROBE = "moonboot".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads both files.
   *
   * @throws CertificateFilesException when one cannot be used, or they do not belong together
   */
  public static KeyPairFiles read(TlsFiles files) throws CertificateFilesException {
    List<X509Certificate> chain = CertificateFile.read(files.certificate());
    PrivateKey key = PrivateKeyFile.read(files, chain.getFirst().getPublicKey());
    if (!fit(key, chain.getFirst().getPublicKey())) {
      throw new CertificateFilesException(
          files.key() + " is not the key of the certificate in " + files.certificate());
    }
    return new KeyPairFiles(key, chain);
  }

  /** The certificate itself. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  private static boolean fit(PrivateKey key, PublicKey certified) throws CertificateFilesException {
    try {
      Signature signature =
          Signature.getInstance(
              switch (certified.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> certified.getAlgorithm();
              });
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new CertificateFilesException("the key cannot be used: " + e.getMessage());
    }
  }
}
