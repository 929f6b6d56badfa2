package dev.moonboot.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads a PEM file of certificates. */
public final class CertificateFile {
  private CertificateFile() {}

  /**
   * All certificates in it, in order: at least one.
   *
   * @throws CertificateFilesException when it cannot be read, or has none in it
   */
  public static List<X509Certificate> read(Path file) throws CertificateFilesException {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new CertificateFilesException(file + " has no certificate in it (PEM)");
      }
      return certificates;
    } catch (IOException | GeneralSecurityException e) {
      throw new CertificateFilesException(file + " cannot be read as certificates (PEM): " + e);
    }
  }
}
