package dev.moonboot.migrate;

import org.jspecify.annotations.Nullable;

/** Nothing was taken over. The message is for people: what, which, why, what now. */
public final class MigrateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MigrateException(String message) {
    this(message, null);
  }

  MigrateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
