package dev.moonboot.template;

import java.io.Serial;

/** A template cannot be parsed or rendered; the message says where and why. */
public final class TemplateException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final boolean placed;

  public TemplateException(String message) {
    this(message, false);
  }

  private TemplateException(String message, boolean placed) {
    super(message, null, false, false); // an answer to a node, not a fault: no stack to fill in
    this.placed = placed;
  }

  /** The same with the place in {@code text} before it, unless it has one. */
  TemplateException at(String text, int offset) {
    if (placed) {
      return this;
    }
    int line = 1;
    int start = 0;
    for (int i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', start)) {
      line++;
      start = i + 1;
    }
    int column = text.codePointCount(start, Math.max(start, Math.min(offset, text.length()))) + 1;
    return new TemplateException("line " + line + ", column " + column + ": " + getMessage(), true);
  }
}
