package dev.moonboot.openpgp;

/** A key ring cannot be signed with; the message begins as matchbox's does. */
public final class KeyRingException extends Exception {
  private static final long serialVersionUID = 1;

  KeyRingException(String message) {
    super(message);
  }

  KeyRingException(String message, Throwable cause) {
    super(message, cause);
  }
}
