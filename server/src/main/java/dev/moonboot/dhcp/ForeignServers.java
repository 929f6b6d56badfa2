package dev.moonboot.dhcp;

import static java.lang.System.Logger.Level.WARNING;

import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.Printable;
import dev.moonboot.journal.RateLimit;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Notices other servers that tell nodes what to boot: by fault or by malice, a node may well
 * believe them and not us. One that only hands out addresses is none of them, nor is one that sends
 * nodes to us. For one thread.
 */
final class ForeignServers {
  private static final System.Logger LOG = System.getLogger(DhcpListener.class.getName());
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int MOST = 64;
  private static final int PER_SECOND = 1;
  private static final int LONGEST = 128;

  private final Subjects subjects;
  private final LongSupplier nanos;

  /** A server may call itself by any address, and by another one in each packet. */
  private final RateLimit telling;

  /** When each was told of last. */
  private final Map<Inet4Address, Long> toldAt =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Inet4Address, Long> eldest) {
          return size() > MOST;
        }
      };

  ForeignServers(Subjects subjects, LongSupplier nanos) {
    this.subjects = subjects;
    this.nanos = nanos;
    this.telling = new RateLimit(PER_SECOND, MOST, nanos);
  }

  /** A packet was broadcast to clients. */
  void saw(DhcpPacket packet, String interfaceName) {
    boolean answer = packet.type() == DhcpPacket.OFFER || packet.type() == DhcpPacket.ACK;
    if (packet.op() != DhcpPacket.REPLY || !answer || !tellsWhatToBoot(packet)) {
      return;
    }
    Inet4Address server = packet.addressIn(Tag.SERVER).orElseGet(packet::next);
    long now = nanos.getAsLong();
    Long told = toldAt.get(server);
    if (told != null && now - told < PAUSE.toNanos()) {
      subjects.meters().dhcpForeign();
    } else if (!isOurs(server) && !sendsToUs(packet)) {
      toldAt.put(server, now);
      subjects.meters().dhcpForeign();
      if (telling.pass().isPresent()) {
        tell(server, packet, interfaceName);
      }
    }
  }

  private static boolean tellsWhatToBoot(DhcpPacket packet) {
    String vendor = packet.text(Tag.VENDOR_CLASS);
    return !bootFile(packet).isEmpty()
        || vendor.startsWith("PXEClient")
        || vendor.startsWith("HTTPClient");
  }

  private static String bootFile(DhcpPacket packet) {
    String option = packet.text(Tag.BOOT_FILE);
    return option.isEmpty() ? packet.file() : option;
  }

  private static boolean sendsToUs(DhcpPacket packet) {
    String file = bootFile(packet);
    int host = file.indexOf("://");
    return host < 0 ? isOurs(packet.next()) : isOurs(file.substring(host + 3));
  }

  /** Whether a URL without its scheme begins with an address of this machine. */
  private static boolean isOurs(String authority) {
    String host = authority.replaceFirst("[:/].*", "");
    try {
      return isOurs(Inet4Address.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return false; // a name, which is not looked up
    }
  }

  private static boolean isOurs(Inet4Address address) {
    try {
      return !address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private void tell(Inet4Address server, DhcpPacket packet, String interfaceName) {
    String id = server.getHostAddress();
    String file = Printable.line(bootFile(packet), LONGEST);
    LOG.log(
        WARNING,
        "foreign_dhcp_offer server={0} interface={1} node={2} file=\"{3}\" why=\"another server"
            + " tells nodes what to boot; turn that off there\"",
        id,
        interfaceName,
        packet.mac(),
        file);
    subjects
        .audit()
        .record(
            new AuditEvent(
                "foreign_dhcp_offer",
                "failed",
                "another server tells nodes what to boot",
                Actor.SYSTEM,
                Map.of("mac", packet.mac().text()),
                Map.of("server", id, "interface", interfaceName, "file", file)));
  }
}
