package dev.moonboot.dhcp;

import dev.moonboot.node.MacAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What firmware of one kind has to be told otherwise.
 *
 * @param mac how its hardware address begins, in lower case with colons; empty for any
 * @param vendor how its option 60 begins; empty for any
 * @param mode what to do for it
 */
public record Quirk(String mac, String vendor, Mode mode) {
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){0,5}");

  /**
   * Whole octets in lower case with colons.
   *
   * @throws IllegalArgumentException for anything but two to twelve hexadecimal digits, with or
   *     without colons or hyphens between the octets
   */
  static String prefix(String text) {
    String colons = text.toLowerCase(Locale.ROOT).replace('-', ':');
    String spelled = colons.contains(":") ? colons : colons.replaceAll("(..)(?=.)", "$1:");
    if (!PREFIX.matcher(spelled).matches()) {
      throw new IllegalArgumentException("no beginning of a hardware address");
    }
    return spelled;
  }

  boolean fits(MacAddress node, String vendorClass) {
    return node.text().startsWith(mac) && vendorClass.startsWith(vendor);
  }
}
