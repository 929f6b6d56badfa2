package dev.moonboot.program;

import java.io.IOException;

/**
 * A program of the system is needed and is not there. The message says what needs it, which it is,
 * of which package, and what to do.
 */
public final class MissingProgramException extends IOException {
  private static final long serialVersionUID = 1;

  MissingProgramException(String message) {
    super(message);
  }
}
