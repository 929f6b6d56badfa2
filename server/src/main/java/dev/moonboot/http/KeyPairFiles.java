package dev.moonboot.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key with the certificate that belongs to it, as their files hold them.
 *
 * @param chain the certificate first, then those that signed it
 */
record KeyPairFiles(PrivateKey key, List<X509Certificate> chain) {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final byte[] PROBE = "moonboot".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads both files.
   *
   * @throws CertificateFilesException when one cannot be used, or they do not belong together
   */
  static KeyPairFiles read(TlsFiles files) throws CertificateFilesException {
    List<X509Certificate> chain = chain(files.certificate());
    PrivateKey key = key(files.key(), chain.getFirst().getPublicKey().getAlgorithm());
    if (!fit(key, chain.getFirst().getPublicKey())) {
      throw new CertificateFilesException(
          files.key() + " is not the key of the certificate in " + files.certificate());
    }
    return new KeyPairFiles(key, chain);
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }

  private static List<X509Certificate> chain(Path file) throws CertificateFilesException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new CertificateFilesException(file + " has no certificate in it (PEM)");
      }
      return chain;
    } catch (IOException | GeneralSecurityException e) {
      throw new CertificateFilesException(file + " cannot be read as certificates (PEM): " + e);
    }
  }

  private static PrivateKey key(Path file, String algorithm) throws CertificateFilesException {
    try {
      var mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new CertificateFilesException(
            file + " can be read or written by anybody: chmod o-rwx " + file);
      }
      Matcher pem = PKCS8.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (!pem.find()) {
        throw new CertificateFilesException(
            file
                + " has no plain PKCS #8 key in it; openssl pkcs8 -topk8 -nodes -in "
                + file
                + " makes one");
      }
      byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CertificateFilesException(
          file + " cannot be read as a private key: " + e.getMessage());
    }
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
