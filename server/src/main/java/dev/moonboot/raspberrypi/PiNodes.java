package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Arch;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sighting;
import dev.moonboot.node.Sightings;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tells which Raspberry Pi asks: by the folder that it asks below, and by what was seen of its
 * address. Serial numbers of different boards may share their low 32 bits, so an address that was
 * seen with that number counts for more than the number alone.
 */
final class PiNodes {
  /** What its firmware is called where nodes are listed. */
  private static final String FIRMWARE = "raspberry-pi";

  /** How the hardware addresses of Raspberry Pis begin (IEEE registry of OUIs). */
  private static final Set<String> MAKERS =
      Set.of("b8:27:eb", "dc:a6:32", "e4:5f:01", "28:cd:c1", "d8:3a:dd", "2c:cf:67", "88:a2:9e");

  private final Sightings seen;
  private final Function<String, Optional<MacAddress>> neighbours;

  /**
   * @param neighbours the hardware address of a neighbour on the network, by its address
   */
  PiNodes(Sightings seen, Function<String, Optional<MacAddress>> neighbours) {
    this.seen = seen;
    this.neighbours = neighbours;
  }

  /**
   * Who asks for {@code asked}; empty when the path does not say so, and whoever has the address is
   * not known to be a Raspberry Pi.
   */
  Optional<PiNode> who(PiPath asked, String client) {
    if (asked.mac().isPresent()) {
      return Optional.of(byMac(asked.mac().get(), client));
    }
    Optional<Sighting> atAddress = atAddress(client);
    return asked.isBare()
        ? atAddress.filter(PiNodes::isPi).map(PiNode::of)
        : Optional.of(bySerial(asked.serial(), atAddress, client));
  }

  /** Whether nothing speaks against that node being at that address. */
  boolean mayBe(PiNode node, String client) {
    return node.mac().isEmpty()
        || neighbours.apply(client).filter(there -> !there.text().equals(node.mac())).isEmpty();
  }

  private PiNode byMac(MacAddress mac, String client) {
    return seen.byMac(mac)
        .map(PiNode::of)
        .orElseGet(() -> {
          if (neighbours.apply(client).filter(mac::equals).isPresent()) {
            note(mac, client, ""); // what a path says alone would let anybody push out the others
          }
          return new PiNode(mac.text(), "", "", "");
        });
  }

  private PiNode bySerial(String serial, Optional<Sighting> atAddress, String client) {
    Optional<Sighting> node =
        atAddress
            .filter(found -> found.serial().isEmpty() || found.serial().equals(serial))
            .or(() -> seen.bySerial(serial));
    node.filter(found -> found.serial().isEmpty() && isPi(found))
        .ifPresent(found -> note(found.mac(), client, serial));
    return node.map(found -> PiNode.of(found).withSerial(serial))
        .orElseGet(() -> PiNode.ofSerial(serial));
  }

  /** The neighbours' table is what a node cannot say wrongly without answering for the address. */
  private Optional<Sighting> atAddress(String client) {
    Optional<MacAddress> neighbour = neighbours.apply(client);
    if (neighbour.isEmpty()) {
      return seen.byAddress(client);
    }
    MacAddress mac = neighbour.get();
    if (seen.byMac(mac).isEmpty() && isMadeForPis(mac)) {
      note(mac, client, "");
    }
    return seen.byMac(mac).or(() -> Optional.of(stranger(mac, client)));
  }

  private static Sighting stranger(MacAddress mac, String client) {
    return new Sighting(mac, client, "", "", "", "", "", Instant.EPOCH, Instant.EPOCH);
  }

  private void note(MacAddress mac, String client, String serial) {
    seen.note(new Sightings.Seen(mac, client, "", serial, "", Arch.ARM64.id(), FIRMWARE));
  }

  private static boolean isPi(Sighting node) {
    return node.firmware().equals(FIRMWARE)
        || node.product().startsWith("Raspberry Pi")
        || isMadeForPis(node.mac());
  }

  private static boolean isMadeForPis(MacAddress mac) {
    return MAKERS.contains(mac.text().substring(0, 8));
  }
}
