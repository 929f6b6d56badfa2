package dev.moonboot.journal;

import java.util.regex.Pattern;

/** Makes what nodes send fit to be kept: short, in one line, without secrets. */
final class Text {
  private static final int LONGEST = 256;

  /** Control characters, and those that change the order of what stands beside them. */
  private static final Pattern UNSAFE =
      Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]");

  /** A ticket is a right to read a machine config. */
  private static final Pattern TICKET = Pattern.compile("/config/[^\\s\"'&?#]+");

  /** What stands in a URL before a host may be a password, and a query anything. */
  private static final Pattern USER = Pattern.compile("//[^/@\\s\"]*@");

  private Text() {}

  static String kept(String text) {
    String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    return isPlain(cut) ? cut : UNSAFE.matcher(cut).replaceAll("?");
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  /** As {@link #kept}, with neither tickets nor passwords of URLs. */
  static String open(String text) {
    String cut = text.length() <= 4 * LONGEST ? text : text.substring(0, 4 * LONGEST);
    return kept(USER.matcher(TICKET.matcher(cut).replaceAll("/config/***")).replaceAll("//***@"));
  }
}
