package dev.moonboot.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a private key that is not encrypted, in each form in which openssl has written PEM: PKCS #8
 * ({@code PRIVATE KEY}, RFC 5958), PKCS #1 ({@code RSA PRIVATE KEY}, RFC 8017, A.1.2) and SEC 1
 * ({@code EC PRIVATE KEY}, RFC 5915).
 */
final class PrivateKeyFile {
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private static final System.Logger LOG = System.getLogger(PrivateKeyFile.class.getName());

  private PrivateKeyFile() {}

  /**
   * @param certified the public key that it belongs to
   */
  static PrivateKey read(TlsFiles files, PublicKey certified) throws CertificateFilesException {
    Path file = files.key();
    try {
      var mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        String why = file + " can be read or written by anybody: chmod o-rwx " + file;
        if (!files.readable()) {
          throw new CertificateFilesException(why);
        }
        LOG.log(Level.WARNING, why);
      }
      return parse(file, Files.readString(file, US_ASCII), certified);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CertificateFilesException(
          file + " cannot be read as a private key: " + e.getMessage());
    }
  }

  private static PrivateKey parse(Path file, String text, PublicKey certified)
      throws GeneralSecurityException, CertificateFilesException {
    Matcher pem = PEM.matcher(text);
    if (!pem.find()) {
      throw new CertificateFilesException(
          file
              + " has no plain private key in it (PKCS #8, PKCS #1 or SEC 1); openssl pkcs8 -topk8"
              + " -nodes -in "
              + file
              + " makes one");
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
    byte[] pkcs8 =
        switch (pem.group(1)) {
          case "RSA PRIVATE KEY" -> Der.pkcs8(Der.RSA, der);
          case "EC PRIVATE KEY" -> Der.pkcs8(curve(file, certified), der);
          default -> der;
        };
    return KeyFactory.getInstance(certified.getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** SEC 1 may leave out on which curve: the certificate says it. */
  private static byte[] curve(Path file, PublicKey certified) throws CertificateFilesException {
    if (certified instanceof ECPublicKey) {
      return Der.algorithm(certified.getEncoded());
    }
    throw new CertificateFilesException(
        file + " is a key on a curve, and its certificate is for " + certified.getAlgorithm());
  }
}
