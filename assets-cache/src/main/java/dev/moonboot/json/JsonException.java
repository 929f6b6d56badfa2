package dev.moonboot.json;

/** The text is not JSON, or not within the limits asked for; the message says where and why. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  JsonException(String message) {
    super(message);
  }
}
