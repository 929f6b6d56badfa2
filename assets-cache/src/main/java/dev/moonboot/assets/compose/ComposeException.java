package dev.moonboot.assets.compose;

import org.jspecify.annotations.Nullable;

/**
 * What was to be composed will not do; the message says which part, by which rule, and what to do.
 * The same order would be refused again.
 */
public final class ComposeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ComposeException(String message) {
    super(message);
  }

  /** Content that could not be read. */
  public ComposeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
