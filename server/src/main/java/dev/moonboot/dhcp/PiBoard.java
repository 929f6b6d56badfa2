package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.node.MacAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * What a Raspberry Pi tells of itself; a text is empty where it does not.
 *
 * @param model {@code Raspberry Pi 4}
 * @param revision the board's, as eight hexadecimal digits: {@code 00c03111}
 * @param serial the lower half of its serial number, as eight lower-case hexadecimal digits: by
 *     default the folder in which it looks for files
 * @param menuText what its boot ROM looks for in option 43
 */
public record PiBoard(String model, String revision, String serial, String menuText) {
  /** Addresses that belong to Raspberry Pi Ltd. and its foundation. */
  private static final Set<String> PREFIXES =
      Set.of("b8:27:eb", "dc:a6:32", "e4:5f:01", "28:cd:c1", "d8:3a:dd", "2c:cf:67", "88:a2:9e");

  private static final String MENU = "Raspberry Pi Boot";

  /** The ROMs of the boards before the 4 compare with three blanks after it. */
  private static final String OLD_MENU = MENU + "   ";

  private static final String OLD_PREFIX = "b8:27:eb";
  private static final int PREFIX = OLD_PREFIX.length();
  private static final int MACHINE_ID = 17;

  /**
   * The board that asks, if it is one. Its EEPROM names itself in option 97: a zero, {@code RPi4}
   * or {@code RPi5} (in either order of bytes: both are seen in published logs), then little-endian
   * the board's revision, four bytes of the hardware address as they are, and little-endian the
   * serial number. Older ones send the serial number four times, or nothing of use; then the
   * hardware address tells, of a client that speaks as an x86 BIOS.
   *
   * <p>Only for packets whose option 93 is 0 (which boards share with BIOS machines) or 0x29.
   */
  static Optional<PiBoard> of(DhcpPacket packet) {
    byte[] id = packet.value(Tag.MACHINE);
    String model = id.length == MACHINE_ID && id[0] == 0 ? model(id) : "";
    if (!model.isEmpty()) {
      return Optional.of(new PiBoard(model, word(id, 5), word(id, 13), MENU));
    }
    if (!isOwn(packet.mac())) {
      return Optional.empty();
    }
    boolean old = packet.mac().text().startsWith(OLD_PREFIX);
    return Optional.of(new PiBoard("", "", repeated(id), old ? OLD_MENU : MENU));
  }

  private static boolean isOwn(MacAddress mac) {
    return PREFIXES.contains(mac.text().substring(0, PREFIX));
  }

  private static String model(byte[] id) {
    return switch (new String(id, 1, 4, US_ASCII)) {
      case "RPi4", "4iPR" -> "Raspberry Pi 4";
      case "RPi5", "5iPR" -> "Raspberry Pi 5";
      default -> "";
    };
  }

  /** Four bytes, little-endian. */
  private static String word(byte[] id, int at) {
    return "%02x%02x%02x%02x".formatted(id[at + 3], id[at + 2], id[at + 1], id[at]);
  }

  private static String repeated(byte[] id) {
    boolean four =
        id.length == MACHINE_ID
            && id[0] == 0
            && Arrays.equals(id, 1, 13, id, 5, 17)
            && !word(id, 1).equals("00000000")
            && !word(id, 1).equals("ffffffff");
    return four ? word(id, 1) : "";
  }
}
