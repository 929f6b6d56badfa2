package dev.moonboot.server;

import org.jspecify.annotations.Nullable;

/** The appliance could not start; nothing of it is left running. The message is for people. */
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
