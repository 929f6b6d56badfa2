package dev.moonboot.dhcp;

import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NetRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Decides what a packet is answered. Knows no sockets. For one thread. */
final class Responder {
  static final int SERVER_PORT = 67;
  static final int CLIENT_PORT = 68;
  static final int BOOT_PORT = 4011;

  private static final InetSocketAddress EVERYBODY =
      new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), CLIENT_PORT);

  private final DhcpConfig config;
  private final Subjects subjects;
  private final OfferBuilder offers;
  private final Rates rates;
  private final Answered answered;
  private final NodeNotes notes;

  Responder(DhcpConfig config, Subjects subjects, LongSupplier nanos) {
    this.config = config;
    this.subjects = subjects;
    this.offers = new OfferBuilder(subjects.files());
    this.rates = new Rates(config.rate(), config.burst(), nanos);
    this.answered = new Answered(nanos);
    this.notes = new NodeNotes(config, subjects, nanos);
  }

  /**
   * What comes of a packet that was sent to port 67: an offer for a DISCOVER of a node that boots
   * from the network, else nothing.
   */
  Answer onServerPort(DhcpPacket packet, Link link) {
    if (packet.op() == DhcpPacket.REQUEST && packet.type() == DhcpPacket.ASK) {
      Optional<ClientClass> client =
          clientOf(packet).filter(known -> !(known instanceof ClientClass.Unknown));
      client.ifPresent(known -> notes.requested(packet, known, isRemembered(packet)));
      return new Answer.Silent(client.isPresent() ? Silence.NOT_ASKED : Silence.NOT_PXE);
    }
    if (packet.op() != DhcpPacket.REQUEST || packet.type() != DhcpPacket.DISCOVER) {
      return new Answer.Silent(Silence.NOT_ASKED);
    }
    return answer(packet, Classifier.of(packet), link, discovererOf(packet));
  }

  /**
   * What comes of a packet that was sent to port 4011 from {@code from}: an ACK, which goes where
   * it came from.
   */
  Answer onBootPort(DhcpPacket packet, Link link, InetSocketAddress from) {
    boolean asks = packet.type() == DhcpPacket.ASK || packet.type() == DhcpPacket.INFORM;
    boolean forUs = packet.addressIn(Tag.SERVER).map(link.here()::equals).orElse(true);
    if (packet.op() != DhcpPacket.REQUEST || !asks || !forUs) {
      return new Answer.Silent(Silence.NOT_ASKED);
    }
    ClientClass client =
        clientOf(packet).orElseGet(() -> Classifier.of(packet)); // tells why it is none
    return answer(packet, client, link, from);
  }

  private static InetSocketAddress discovererOf(DhcpPacket packet) {
    Inet4Address relay = packet.relay();
    return relay.isAnyLocalAddress() ? EVERYBODY : new InetSocketAddress(relay, SERVER_PORT);
  }

  /** What a packet comes from, by what it says, else by what its node was before. */
  private Optional<ClientClass> clientOf(DhcpPacket packet) {
    ClientClass client = Classifier.of(packet);
    boolean said = !(client instanceof ClientClass.Unknown(var why)) || why == Silence.NO_PROGRAM;
    return said ? Optional.of(client) : answered.last(packet.mac()).map(Answered.Last::client);
  }

  private boolean isRemembered(DhcpPacket packet) {
    return answered.last(packet.mac()).isPresent();
  }

  private Answer answer(DhcpPacket packet, ClientClass client, Link link, InetSocketAddress to) {
    Optional<Silence> silence = silence(packet, client);
    if (silence.isPresent()) {
      return new Answer.Silent(silence.get());
    }
    ClientClass told = onceMore(packet, client);
    Mode mode = config.mode(packet.mac(), packet.text(Tag.VENDOR_CLASS));
    Optional<Offer> offer = offers.answer(packet, told, mode, link);
    if (offer.isEmpty()) {
      notes.tooLarge(packet, client);
      return new Answer.Silent(Silence.TOO_LARGE);
    }
    answered.note(packet.mac(), client, packet.transaction());
    return new Answer.Reply(packet, client, offer.get(), to);
  }

  private Optional<Silence> silence(DhcpPacket packet, ClientClass client) {
    MacAddress mac = packet.mac();
    if (client instanceof ClientClass.Unknown(var why)) {
      if (why == Silence.NO_PROGRAM) {
        notes.noProgram(packet, client);
      }
      return Optional.of(why);
    }
    if (!isRelayTrusted(packet.relay())) {
      notes.unknownRelay(packet);
      return Optional.of(Silence.RELAY);
    }
    if (config.mode(mac, packet.text(Tag.VENDOR_CLASS)) == Mode.SILENT) {
      return Optional.of(Silence.QUIRK);
    }
    boolean selected = subjects.selected().test(mac);
    if (!selected && !config.unknown()) {
      notes.unknownNode(packet, client);
      return Optional.of(Silence.UNKNOWN_NODE);
    }
    return rates.take(mac, selected);
  }

  private boolean isRelayTrusted(Inet4Address relay) {
    if (relay.isAnyLocalAddress()) {
      return true;
    }
    for (NetRange net : config.relayNets()) {
      if (net.contains(relay)) {
        return true;
      }
    }
    return false;
  }

  /**
   * An iPXE that cannot load its script by HTTP is given another one to load. Where that is no
   * better, it is not given the same again and again.
   */
  private ClientClass onceMore(DhcpPacket packet, ClientClass client) {
    if (!(client instanceof ClientClass.Ipxe ipxe) || (ipxe.http() && ipxe.https())) {
      return client;
    }
    boolean before =
        answered
            .last(packet.mac())
            .filter(last -> last.client().equals(ipxe))
            .filter(last -> last.transaction() != packet.transaction())
            .isPresent();
    return before ? new ClientClass.Ipxe(ipxe.platform(), true, true) : client;
  }

  /** What was answered is written down; after it has gone out. */
  void told(Answer.Reply reply, String interfaceName) {
    notes.told(reply, interfaceName);
  }

  /** A packet was left unanswered. */
  void ignored(Silence why) {
    subjects.meters().dhcpIgnored(why.label());
  }
}
