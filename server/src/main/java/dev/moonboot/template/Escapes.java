package dev.moonboot.template;

/** What {@code html}, {@code js} and {@code urlquery} write. */
final class Escapes {
  private static final String HEX = "0123456789ABCDEF";

  private Escapes() {}

  static void html(String text, Writing out) throws TemplateException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case 0 -> out.append("\uFFFD");
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        default -> i += character(text, i, out);
      }
    }
  }

  static void js(String text, Writing out) throws TemplateException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\'' -> out.append("\\'");
        case '"' -> out.append("\\\"");
        case '<', '>', '&', '=' -> out.append("\\u00").append(high(c)).append(low(c));
        default -> {
          int point = text.codePointAt(i);
          if (c < ' ') {
            out.append("\\u00").append(high(c)).append(low(c));
          } else if (c >= 0x80 && !Utf8.isLoose(point) && !Quoting.isPrint(point)) {
            out.append("\\u%04X".formatted(point));
            i += Character.charCount(point) - 1;
          } else {
            i += character(text, i, out);
          }
        }
      }
    }
  }

  static void urlquery(String text, Writing out) throws TemplateException {
    for (byte octet : Utf8.bytes(text)) {
      int c = octet & 0xFF;
      if (isUnreserved(c)) {
        out.append((char) c);
      } else if (c == ' ') {
        out.append('+');
      } else {
        out.append('%').append(high(c)).append(low(c));
      }
    }
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_.~".indexOf(c) >= 0;
  }

  /** Writes the character at {@code i}; returns how many more chars it has. */
  private static int character(String text, int i, Writing out) throws TemplateException {
    int point = text.codePointAt(i);
    out.appendCodePoint(point);
    return Character.charCount(point) - 1;
  }

  private static char high(int octet) {
    return HEX.charAt(octet >> 4);
  }

  private static char low(int octet) {
    return HEX.charAt(octet & 0xF);
  }
}
