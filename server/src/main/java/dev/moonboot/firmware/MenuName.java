package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.node.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name below {@code pxelinux.cfg/}, in the order in which U-Boot and PXELINUX try them
 * (boot/pxe_utils.c; doc/pxelinux.txt).
 */
sealed interface MenuName {
  /** The SMBIOS UUID: as it is written for U-Boot, as it is on the wire for PXELINUX. */
  record Uuid(String uuid) implements MenuName {}

  /** The hardware type and address: {@code 01-52-54-00-a1-9c-ae}. */
  record Mac(MacAddress mac) implements MenuName {}

  /** The IPv4 address in eight hexadecimal digits, or the first of them. */
  record Address(String digits) implements MenuName {}

  /**
   * Whoever asks.
   *
   * @param arch what the name tells; empty where it tells nothing
   */
  record Default(Optional<Arch> arch) implements MenuName {}

  /** None of these. */
  record Other() implements MenuName {}

  Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  Pattern MAC = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{2}(-[0-9a-f]{2}){5,})");
  Pattern ADDRESS = Pattern.compile("[0-9a-f]{1,8}");

  static MenuName parse(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    var mac = MAC.matcher(lower);
    if (mac.matches()) {
      return MacAddress.parse(mac.group(1)).<MenuName>map(Mac::new).orElseGet(Other::new);
    }
    if (UUID.matcher(lower).matches()) {
      return new Uuid(lower);
    }
    if (ADDRESS.matcher(lower).matches()) {
      return new Address(lower);
    }
    if (lower.equals("default")) {
      return new Default(Optional.empty());
    }
    // U-Boot's "arm" is any ARM; a kernel of Talos is for arm64
    return lower.startsWith("default-arm") ? new Default(Optional.of(Arch.ARM64)) : new Other();
  }

  /** The same UUID with its first three fields turned round, as it is on the wire. */
  static String turned(String uuid) {
    return turned(uuid, 0, 8)
        + "-"
        + turned(uuid, 9, 13)
        + "-"
        + turned(uuid, 14, 18)
        + uuid.substring(18);
  }

  private static String turned(String uuid, int from, int to) {
    StringBuilder bytes = new StringBuilder();
    for (int i = to; i > from; i -= 2) {
      bytes.append(uuid, i - 2, i);
    }
    return bytes.toString();
  }

  /** Whether the eight digits are those of that address. */
  static boolean isOf(String digits, String client) {
    try {
      InetAddress address = InetAddress.ofLiteral(client);
      return address instanceof Inet4Address
          && HexFormat.of().formatHex(address.getAddress()).equals(digits);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
