package dev.moonboot.diagnosis;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The service as it is configured.
 *
 * @param http where nodes speak HTTP to
 * @param tls whether they have to speak TLS there
 * @param advertised under which URLs nodes reach it, where that is configured
 * @param admin where people ask; null for nowhere
 * @param adminTls whether they have to speak TLS there
 * @param tftp where TFTP is served; null for nowhere
 * @param dhcp the interfaces on which DHCP is answered
 * @param dhcpBroadcast whether port 67 is listened at there, and not only 4011
 * @param dhcpEverybody whether nodes are answered there that nobody wrote down
 * @param raspberryPi whether there is firmware for Raspberry Pis
 * @param folders that it writes to: cache and state
 */
public record Configured(
    InetSocketAddress http,
    boolean tls,
    List<String> advertised,
    @Nullable InetSocketAddress admin,
    boolean adminTls,
    @Nullable InetSocketAddress tftp,
    List<String> dhcp,
    boolean dhcpBroadcast,
    boolean dhcpEverybody,
    boolean raspberryPi,
    List<Path> folders) {
  public Configured {
    advertised = List.copyOf(advertised);
    dhcp = List.copyOf(dhcp);
    folders = List.copyOf(folders);
  }

  /** Where it is asked from this machine: loopback, where it listens everywhere. */
  static InetAddress reachable(InetSocketAddress listener) {
    InetAddress address = listener.getAddress();
    return address.isAnyLocalAddress() ? InetAddress.ofLiteral("127.0.0.1") : address;
  }

  /** The URL of the boot listener, asked from this machine; without a slash at its end. */
  String bootUrl() {
    return url(tls, http);
  }

  static String url(boolean tls, InetSocketAddress listener) {
    String host = reachable(listener).getHostAddress();
    return (tls ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + listener.getPort();
  }
}
