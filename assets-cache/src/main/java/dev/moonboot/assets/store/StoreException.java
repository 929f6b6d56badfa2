package dev.moonboot.assets.store;

import java.io.IOException;

/** The store cannot do that for a reason of its own; faults of the disk are other IOExceptions. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1;

  /** Why the store refuses. */
  public enum Reason {
    /** Another process has the store. */
    LOCKED,
    /** The directory or its file system cannot carry a store; an administrator must act. */
    UNSUITABLE,
    /** Someone in this process works on the same image already. */
    IN_USE,
    /** A file does not have the size or digest it was said to have. */
    MISMATCH,
    /** A file that was right before is so no more; the next attempt fetches it. */
    DAMAGED,
    /** A record on disk is not as we wrote it. */
    BROKEN
  }

  private final Reason reason;

  StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
