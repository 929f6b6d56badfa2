package dev.moonboot.yaml;

/** A text that is not usable as YAML; the message says why and where. */
public final class YamlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  YamlException(String message) {
    super(message);
  }

  YamlException(String message, Throwable cause) {
    super(message, cause);
  }
}
