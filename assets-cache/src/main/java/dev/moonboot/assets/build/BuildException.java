package dev.moonboot.assets.build;

import org.jspecify.annotations.Nullable;

/**
 * What was to be composed will not do: the message names the input, the rule, and the way out. The
 * same recipe would be refused again.
 */
public final class BuildException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BuildException(String message) {
    super(message);
  }

  /** What somebody else said of it. */
  public BuildException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
