package dev.moonboot.assets.verify;

/** A candidate is no signature that counts; the message is the reason, for people. */
final class UnusableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnusableException(String why) {
    super(why);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
