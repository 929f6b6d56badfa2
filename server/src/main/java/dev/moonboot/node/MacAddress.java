package dev.moonboot.node;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A hardware address of 6, 8 or 20 octets (Ethernet, EUI-64, IP over InfiniBand), in lower case
 * with colons.
 */
public record MacAddress(String text) {
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}(:[0-9a-f]{2}){0,14}");

  /** The four spellings, and no mixture of them. */
  private static final Pattern SPELLED =
      Pattern.compile(
          "[0-9a-f]{2}(:[0-9a-f]{2})*|[0-9a-f]{2}(-[0-9a-f]{2})*|[0-9a-f]{4}(\\.[0-9a-f]{4})*"
              + "|([0-9a-f]{2})*");

  private static final int LONGEST = 20 * 3;

  /**
   * @throws IllegalArgumentException when {@code text} is not in the one form this type has; use
   *     {@link #parse} for what people and firmware write
   */
  public MacAddress {
    if (!CANONICAL.matcher(text).matches() || !isOctetCount((text.length() + 1) / 3)) {
      throw new IllegalArgumentException("not a hardware address in lower case with colons");
    }
  }

  /**
   * Reads {@code aa:bb:cc:dd:ee:ff}, {@code aa-bb-…}, {@code aabb.ccdd.eeff} or {@code
   * aabbccddeeff}, in upper or lower case; empty for anything else.
   */
  public static Optional<MacAddress> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (!SPELLED.matcher(lower).matches()) {
      return Optional.empty();
    }
    String digits = lower.replaceAll("[:.-]", "");
    if (!isOctetCount(digits.length() / 2)) {
      return Optional.empty();
    }
    byte[] octets = HexFormat.of().parseHex(digits);
    return Optional.of(new MacAddress(HexFormat.ofDelimiter(":").formatHex(octets)));
  }

  private static boolean isOctetCount(int octets) {
    return octets == 6 || octets == 8 || octets == 20;
  }

  /** With hyphens, for file names ({@code 52-54-00-a1-9c-ae}). */
  public String hyphenated() {
    return text.replace(':', '-');
  }

  /** With colons, in lower case. */
  @Override
  public String toString() {
    return text;
  }
}
