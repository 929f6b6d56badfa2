package dev.moonboot.http;

/** The files of a certificate and its key cannot be used; the message says which and why. */
public final class CertificateFilesException extends Exception {
  private static final long serialVersionUID = 1;

  CertificateFilesException(String message) {
    super(message);
  }
}
