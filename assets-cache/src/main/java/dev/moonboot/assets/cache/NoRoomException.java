package dev.moonboot.assets.cache;

import java.io.IOException;

/** There is not enough room on the disk for what is about to be written. */
final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1;

  NoRoomException(String message) {
    super(message);
  }
}
