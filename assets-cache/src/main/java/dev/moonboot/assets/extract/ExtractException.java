package dev.moonboot.assets.extract;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An image's content was rejected; the message says what was found where and why it will not do.
 * Fetching it again would give the same.
 */
public final class ExtractException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Content that will not do. */
  public ExtractException(String message) {
    super(message);
  }

  /** Content that could not be read. */
  public ExtractException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Puts what it is about before the message of whatever {@code work} rejects. */
  static <T> T about(String subject, Supplier<T> work) {
    try {
      return work.get();
    } catch (ExtractException e) {
      throw new ExtractException(subject + " " + e.getMessage(), e);
    }
  }
}
