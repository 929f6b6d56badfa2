package dev.moonboot.dhcp;

import static java.lang.System.Logger.Level.INFO;

import dev.moonboot.journal.Offered;
import dev.moonboot.journal.Printable;
import dev.moonboot.journal.RateLimit;
import dev.moonboot.node.Sightings.Seen;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Writes down what nodes showed of themselves, and tells people what they should know. */
final class NodeNotes {
  private static final System.Logger LOG = System.getLogger(DhcpListener.class.getName());
  private static final int LONGEST = 64;

  private final Subjects subjects;
  private final RateLimit strangers;
  private final RateLimit lines;

  NodeNotes(DhcpConfig config, Subjects subjects, LongSupplier nanos) {
    this.subjects = subjects;
    this.strangers = new RateLimit(config.rate(), config.burst(), nanos);
    this.lines = new RateLimit(1, 5, nanos);
  }

  /** A node was answered. */
  void told(Answer.Reply reply, String interfaceName) {
    DhcpPacket request = reply.request();
    Seen seen = seen(request, reply.client());
    subjects.sightings().note(seen);
    subjects.meters().dhcpOffer(reply.client().label());
    Offered offered = offered(seen, reply.offer().file());
    if (request.type() == DhcpPacket.DISCOVER) {
      subjects.boots().offered(offered);
    } else {
      subjects.boots().confirmed(offered);
    }
    LOG.log(
        INFO,
        "dhcp node={0} interface={1} client={2} arch={3} answer={4} file={5}",
        seen.mac(),
        interfaceName,
        seen.firmware(),
        seen.arch(),
        request.type() == DhcpPacket.DISCOVER ? "offer" : "ack",
        reply.offer().file());
  }

  private static Offered offered(Seen seen, String file) {
    return new Offered(
        seen.mac().text(), seen.uuid(), seen.serial(), seen.arch(), seen.firmware(), file);
  }

  /**
   * A node that would boot from the network is told nothing to load. It may be anybody: of those
   * not more are noted than would be answered.
   */
  private void declined(DhcpPacket packet, ClientClass client) {
    // to a Raspberry Pi no file is ever named: an offer without one would say that it was offered
    boolean telling = !(client instanceof ClientClass.RaspberryPi);
    if (telling && packet.type() == DhcpPacket.DISCOVER && strangers.pass().isPresent()) {
      subjects.boots().offered(offered(seen(packet, client), ""));
    }
  }

  /**
   * A node accepted an address. Whoever was not answered before could be anybody: of those not more
   * are noted than would be answered.
   */
  void requested(DhcpPacket packet, ClientClass client, boolean answered) {
    if (answered || strangers.pass().isPresent()) {
      subjects.sightings().note(seen(packet, client));
    }
  }

  private static Seen seen(DhcpPacket packet, ClientClass client) {
    PiBoard board =
        client instanceof ClientClass.RaspberryPi(var pi) ? pi : new PiBoard("", "", "", "");
    return new Seen(
        packet.mac(),
        address(packet),
        board.model().isEmpty() ? MachineId.uuid(packet.value(Tag.MACHINE)) : "",
        board.serial(),
        product(client, board),
        client.arch(),
        client.label());
  }

  private static String product(ClientClass client, PiBoard board) {
    if (!(client instanceof ClientClass.RaspberryPi)) {
      return "";
    }
    // a label, by which groups want all boards of a model: without its revision
    return board.model().isEmpty() ? "Raspberry Pi" : board.model();
  }

  /** The one it wants, else the one it has; a wish in a DISCOVER says nothing. */
  private static String address(DhcpPacket packet) {
    if (packet.type() == DhcpPacket.DISCOVER) {
      return "";
    }
    var address = packet.addressIn(Tag.REQUESTED_ADDRESS).orElseGet(packet::client);
    return address.isAnyLocalAddress() ? "" : address.getHostAddress();
  }

  void unknownRelay(DhcpPacket packet) {
    tell(
        "dhcp node=%s relay=%s answer=none why=\"dhcp.relay-nets does not name the relay\""
            .formatted(packet.mac(), packet.relay().getHostAddress()));
  }

  void tooLarge(DhcpPacket packet, ClientClass client) {
    declined(packet, client);
    tell(
        ("dhcp node=%s client=%s answer=none why=\"what it should load has too long a name for its"
                + " packets; a shorter http.advertise may help\"")
            .formatted(packet.mac(), client.label()));
  }

  void unknownNode(DhcpPacket packet, ClientClass client) {
    declined(packet, client);
    tell(
        "dhcp node=%s client=%s answer=none why=\"no group selects it by mac, and dhcp.unknown is false\""
            .formatted(packet.mac(), client.label()));
  }

  void noProgram(DhcpPacket packet, ClientClass client) {
    declined(packet, client);
    tell(
        "dhcp node=%s client=\"%s\" arch=%s answer=none why=\"there is no boot program for its architecture\""
            .formatted(
                packet.mac(),
                Printable.line(packet.text(Tag.VENDOR_CLASS), LONGEST),
                HexFormat.of().formatHex(first(packet.value(Tag.ARCH)))));
  }

  private static byte[] first(byte[] archs) {
    return Arrays.copyOf(archs, Math.min(archs.length, 4));
  }

  private void tell(String line) {
    OptionalLong held = lines.pass();
    if (held.isPresent()) {
      LOG.log(INFO, held.getAsLong() == 0 ? line : line + " held_back=" + held.getAsLong());
    }
  }
}
