package dev.moonboot.template;

/** Reads the inside of a quoted constant. */
final class Unquoting {
  private final String in;
  private final char quote;
  private final int end;
  private int at = 1;
  private boolean octet;

  /**
   * @param in with both quotes
   */
  Unquoting(String in, char quote) {
    this.in = in;
    this.quote = quote;
    end = in.length() - 1;
  }

  boolean atEnd() {
    return at >= end;
  }

  void append(StringBuilder text) throws TemplateException {
    int c = character();
    if (octet && c >= 0x80) {
      text.append(Utf8.loose(c));
    } else {
      text.appendCodePoint(c);
    }
  }

  /** The next character. */
  int character() throws TemplateException {
    if (atEnd()) {
      throw fault();
    }
    int c = in.codePointAt(at);
    at += Character.charCount(c);
    octet = false;
    return c == '\\' ? escape() : c;
  }

  private int escape() throws TemplateException {
    if (atEnd()) {
      throw fault();
    }
    char c = in.charAt(at++);
    return switch (c) {
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case '\\' -> '\\';
      case 'x' -> octet(digits(2, 16));
      case 'u' -> codePoint(digits(4, 16));
      case 'U' -> codePoint(digits(8, 16));
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at--;
        yield octet(digits(3, 8));
      }
      default -> {
        if (c != quote) {
          throw fault();
        }
        yield c;
      }
    };
  }

  private long digits(int count, int radix) throws TemplateException {
    long value = 0;
    for (int i = 0; i < count; i++) {
      char c = atEnd() ? ' ' : in.charAt(at++);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        throw fault();
      }
      value = value * radix + digit;
    }
    return value;
  }

  private int octet(long value) throws TemplateException {
    if (value > 0xFF) {
      throw fault();
    }
    octet = true;
    return (int) value;
  }

  private int codePoint(long value) throws TemplateException {
    if (value > Character.MAX_CODE_POINT
        || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
      throw fault();
    }
    return (int) value;
  }

  private TemplateException fault() {
    return new TemplateException("an escape that is none in " + Literal.shown(in));
  }
}
