package dev.moonboot.journal;

/** A change cannot be written down, so it must not be made. */
public final class AuditException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public AuditException(String message, Throwable cause) {
    super(message, cause);
  }
}
