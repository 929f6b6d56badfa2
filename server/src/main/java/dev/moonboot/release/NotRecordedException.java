package dev.moonboot.release;

/** A change could not be written down, so it was not made; the message is for people. */
final class NotRecordedException extends Exception {
  private static final long serialVersionUID = 1;

  NotRecordedException(String message, Throwable cause) {
    super(message, cause);
  }
}
