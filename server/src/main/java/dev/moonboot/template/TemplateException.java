package dev.moonboot.template;

import java.io.Serial;

/** A template cannot be parsed or rendered; the message says where and why. */
public final class TemplateException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public TemplateException(String message) {
    super(message);
  }
}
