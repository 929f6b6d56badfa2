package dev.moonboot.http;

import java.io.IOException;

/** A request's body cannot be taken; the message says why and what would do. */
public final class ContentException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  ContentException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The status that says so: 400 or 413. */
  public int status() {
    return status;
  }
}
