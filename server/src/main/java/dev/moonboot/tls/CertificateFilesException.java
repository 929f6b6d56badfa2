package dev.moonboot.tls;

/** The files of a certificate and its key cannot be used; the message says which and why. */
public final class CertificateFilesException extends Exception {
  private static final long serialVersionUID = 1;

  public CertificateFilesException(String message) {
    super(message);
  }
}
