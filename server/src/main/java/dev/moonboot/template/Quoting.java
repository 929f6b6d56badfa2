package dev.moonboot.template;

/** Texts as Go quotes them ({@code strconv.Quote}). */
final class Quoting {
  private Quoting() {}

  static String quote(String text, char quote, boolean asciiOnly) {
    StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints().forEach(c -> append(out, c, quote, asciiOnly));
    return out.append(quote).toString();
  }

  private static void append(StringBuilder out, int c, char quote, boolean asciiOnly) {
    if (Utf8.isLoose(c)) {
      out.append("\\x%02x".formatted(c & 0xFF));
    } else if (c == quote || c == '\\') {
      out.append('\\').append((char) c);
    } else if (isPrint(c) && (c < 0x80 || !asciiOnly)) {
      out.appendCodePoint(c);
    } else {
      out.append(escaped(c));
    }
  }

  private static String escaped(int c) {
    return switch (c) {
      case 7 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 11 -> "\\v";
      default ->
          (c < ' ' || c == 0x7F ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c);
    };
  }

  /** Letters, marks, numbers, punctuation, symbols and the ASCII space. */
  static boolean isPrint(int c) {
    if (c < 0x7F) {
      return c >= ' ';
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** Whether it can stand between backquotes unchanged. */
  static boolean fitsBackquotes(String text) {
    return text.codePoints()
        .noneMatch(
            c -> (c < ' ' && c != '\t') || c == '`' || c == 0x7F || c == 0xFEFF || Utf8.isLoose(c));
  }
}
