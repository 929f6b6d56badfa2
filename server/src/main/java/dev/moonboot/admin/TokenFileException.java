package dev.moonboot.admin;

/** The file of tokens cannot be used; the message says why, and never has a token in it. */
final class TokenFileException extends Exception {
  private static final long serialVersionUID = 1;

  TokenFileException(String message) {
    super(message);
  }
}
