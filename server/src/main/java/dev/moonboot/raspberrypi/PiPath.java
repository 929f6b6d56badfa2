package dev.moonboot.raspberrypi;

import dev.moonboot.node.MacAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path as the firmware of a Raspberry Pi asks for it: the folder that its EEPROM setting {@code
 * TFTP_PREFIX} says (0: the serial number, 2: the hardware address), or none, then a file.
 *
 * @param serial the low 32 bits as 8 lower-case hexadecimal digits; empty when it is not said
 * @param mac empty when it is not said
 * @param file without that folder
 */
record PiPath(String serial, Optional<MacAddress> mac, String file) {
  private static final Pattern SERIAL = Pattern.compile("([0-9a-f]{8})/(.+)");
  private static final Pattern MAC = Pattern.compile("([0-9a-f]{2}(?:-[0-9a-f]{2}){5})/(.+)");

  /**
   * @param path without a leading slash, segments parted by single slashes
   */
  static PiPath of(String path) {
    Matcher serial = SERIAL.matcher(path);
    if (serial.matches()) {
      return new PiPath(serial.group(1), Optional.empty(), serial.group(2));
    }
    Matcher mac = MAC.matcher(path);
    return mac.matches()
        ? new PiPath("", MacAddress.parse(mac.group(1)), mac.group(2))
        : new PiPath("", Optional.empty(), path);
  }

  /** Whether it says nothing of who asks. */
  boolean isBare() {
    return serial.isEmpty() && mac.isEmpty();
  }

  /** The folder, with a slash at its end; empty for none. */
  String folder() {
    return mac.map(m -> m.hyphenated() + "/").orElse(serial.isEmpty() ? "" : serial + "/");
  }
}
