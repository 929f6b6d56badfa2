package dev.moonboot.cli;

/**
 * A command cannot do what it was asked for; the message is for people, says what, which, why, and
 * in its last line what now.
 */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Something did not work, here or there. */
  static final int FAILED = 1;

  /** The command was not given what it needs. */
  static final int USAGE = 2;

  /** The server does not let this caller. */
  static final int REFUSED = 3;

  /** The server cannot be reached. */
  static final int NOT_REACHABLE = 4;

  private final int exitCode;

  CliException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What the program is to end with: 1 to 4. */
  int exitCode() {
    return exitCode;
  }
}
