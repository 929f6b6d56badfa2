package dev.moonboot.assets.schematic;

/** A text that is no schematic, or none whose canonical text is certain; the message says why. */
public final class SchematicException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SchematicException(String message) {
    super(message);
  }

  SchematicException(String message, Throwable cause) {
    super(message, cause);
  }
}
