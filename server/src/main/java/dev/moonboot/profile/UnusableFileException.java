package dev.moonboot.profile;

/** A group or profile file cannot be used; the message says what is wrong with it. */
final class UnusableFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnusableFileException(String message) {
    super(message);
  }
}
