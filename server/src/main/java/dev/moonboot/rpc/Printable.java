package dev.moonboot.rpc;

/** Text from clients, for messages and logs. */
final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /** One line of ASCII, cut where it is long. */
  static String of(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .limit(LONGEST)
        .forEach(c -> out.append(c >= ' ' && c < 0x7f && c != '"' ? (char) c : '?'));
    return text.length() > LONGEST ? out + "..." : out.toString();
  }
}
