package dev.moonboot.template;

/** What stands between {@code %} and the verb. */
final class Flags {
  /** Not given. */
  static final int NONE = -1;

  boolean sharp;
  boolean zero;
  boolean plus;
  boolean minus;
  boolean space;

  /** {@code %#v}: as Go source would have it. */
  boolean source;

  int width = NONE;
  int precision = NONE;

  /** In {@code %v} these two mean something else. */
  void forVerbV() {
    source = sharp;
    sharp = false;
    plus = false;
  }

  /** Writes the text, padded to the width. */
  void pad(String text, Writing out) throws TemplateException {
    pad(text, zero ? '0' : ' ', out);
  }

  void padWithSpaces(String text, Writing out) throws TemplateException {
    pad(text, ' ', out);
  }

  private void pad(String text, char with, Writing out) throws TemplateException {
    if (width <= 0) {
      out.append(text);
      return;
    }
    int missing = width - text.codePointCount(0, text.length());
    if (minus) {
      out.append(text).repeat(with, missing);
    } else {
      out.repeat(with, missing).append(text);
    }
  }

  /** As many characters as the precision says. */
  String cut(String text) {
    return precision == NONE || text.codePointCount(0, text.length()) <= precision
        ? text
        : text.substring(0, text.offsetByCodePoints(0, precision));
  }
}
