package dev.moonboot.assets.extension;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image that is no usable extension, or no usable catalog of them. The message says why, and
 * what can be done; reading the same image again would give the same.
 */
public final class ExtensionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Finding finding;

  ExtensionException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.finding = null;
  }

  ExtensionException(Finding finding) {
    super(finding.toString());
    this.finding = finding;
  }

  /** What is wrong with the extension; none where it is about something else. */
  public List<Finding> findings() {
    return finding == null ? List.of() : List.of(finding);
  }
}
