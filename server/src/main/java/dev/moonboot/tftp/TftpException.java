package dev.moonboot.tftp;

/** The listener cannot start. The message says which address and what to do. */
public final class TftpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TftpException(String message, Throwable cause) {
    super(message, cause);
  }
}
