package dev.moonboot.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
import java.util.Arrays;
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
  /** Of PKCS #8, PKCS #1 (RSA) or SEC 1 (EC), as openssl of one age or another writes them. */
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC )?)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE KEY-----");

  private static final byte[] PROBE = "moonboot".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads both files.
   *
   * @throws CertificateFilesException when one cannot be used, or they do not belong together
   */
  static KeyPairFiles read(TlsFiles files) throws CertificateFilesException {
    List<X509Certificate> chain = chain(files.certificate());
    PrivateKey key = key(files.key(), chain.getFirst().getPublicKey());
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

  private static PrivateKey key(Path file, PublicKey certified) throws CertificateFilesException {
    try {
      var mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new CertificateFilesException(
            file + " can be read or written by anybody: chmod o-rwx " + file);
      }
      Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (!pem.find()) {
        throw new CertificateFilesException(
            file
                + " has no plain private key in it (PEM); openssl pkcs8 -topk8 -nodes -in "
                + file
                + " makes one");
      }
      byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
      byte[] pkcs8 = pem.group(1).isEmpty() ? der : pkcs8(der, certified);
      return KeyFactory.getInstance(certified.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CertificateFilesException(
          file + " cannot be read as a private key: " + e.getMessage());
    }
  }

  /** The older forms lack what PKCS #8 says first, which the certificate's key says as well. */
  private static byte[] pkcs8(byte[] key, PublicKey certified) {
    byte[] publicKey = certified.getEncoded(); // RFC 5280: SEQUENCE { algorithm, bits }
    int start = contentOf(publicKey, 0);
    int end = contentOf(publicKey, start) + (publicKey[start + 1] & 0xff);
    byte[] algorithm = Arrays.copyOfRange(publicKey, start, end);
    byte[] version = {2, 1, 0};
    return element(0x30, version, algorithm, element(0x04, key)); // RFC 5208
  }

  /** Where the content begins of the DER element that begins at {@code at}. */
  private static int contentOf(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  private static byte[] element(int tag, byte[]... contents) {
    var all = new ByteArrayOutputStream();
    int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
    all.write(tag);
    if (length > 0xff) {
      all.write(0x82);
      all.write(length >> 8);
    } else if (length > 0x7f) {
      all.write(0x81);
    }
    all.write(length);
    Arrays.stream(contents).forEach(all::writeBytes);
    return all.toByteArray();
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
