package dev.moonboot.json;

import java.util.Optional;

/** The text is not JSON, or not within the limits asked for; the message says where and why. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String place;

  JsonException(String message) {
    this(message, "");
  }

  /**
   * @param place {@code line 3, column 7}; empty when it is not known
   */
  JsonException(String message, String place) {
    super(place.isEmpty() ? message : message + " (" + place + ")");
    this.place = place;
  }

  /** Where, without anything of what stands there. */
  public Optional<String> place() {
    return Optional.of(place).filter(text -> !text.isEmpty());
  }
}
