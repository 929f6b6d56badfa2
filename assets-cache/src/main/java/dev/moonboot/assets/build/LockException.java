package dev.moonboot.assets.build;

/** A lock file cannot be used, or not be written; the message says where, why and what now. */
public final class LockException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LockException(String message) {
    super(message);
  }

  LockException(String message, Throwable cause) {
    super(message, cause);
  }
}
