package dev.moonboot.assets.cache;

import dev.moonboot.assets.store.StoreException;
import org.jspecify.annotations.Nullable;

/** A cache could not be opened, or an image not pulled; the message says what, which and why. */
public final class CacheException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean locked;

  CacheException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  CacheException(String message, @Nullable Throwable cause, boolean locked) {
    super(message, cause);
    this.locked = locked;
  }

  /** True when another process has this cache open. */
  public boolean isLocked() {
    return locked;
  }

  /** True when a directory or its file system will not do until somebody changes it. */
  public boolean isUnsuitable() {
    return getCause() instanceof StoreException store
        && store.reason() == StoreException.Reason.UNSUITABLE;
  }
}
