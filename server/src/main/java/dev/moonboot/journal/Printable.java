package dev.moonboot.journal;

/** What a client sent, made safe to show on a console or in one line of a log. */
public final class Printable {
  private Printable() {}

  /**
   * At most {@code most} characters of printable ASCII. Anything else, a backslash too, stands
   * there as a backslash, {@code u} and four hexadecimal digits.
   */
  public static String line(String text, int most) {
    var out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < most; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '\\') {
        out.append(c);
      } else {
        out.append("\\u%04x".formatted((int) c));
      }
    }
    if (out.length() > most) {
      out.setLength(most);
    }
    return out.toString();
  }
}
