package dev.moonboot.assets.squashfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A tree that no squashfs image can hold, or an image that is none as kernels read them. Doing it
 * again would end the same, unlike with other {@link IOException}s.
 */
public final class SquashfsException extends IOException {
  private static final long serialVersionUID = 1;

  /** What will not do, and why. */
  public SquashfsException(String message) {
    super(message);
  }

  /** What could not be unpacked. */
  public SquashfsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
