package dev.moonboot.diagnosis;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A network interface.
 *
 * @param carrier whether a cable is in and the other side is awake; empty where that is not known
 * @param broadcasts whether it can send to all at once
 */
record NetworkLink(
    String name,
    boolean up,
    Optional<Boolean> carrier,
    int mtu,
    boolean loopback,
    boolean broadcasts,
    List<InetAddress> addresses) {

  /** All of this machine, by name. */
  static List<NetworkLink> all(Kernel kernel) {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .map(link -> of(link, kernel))
          .sorted(Comparator.comparing(NetworkLink::name))
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static NetworkLink of(NetworkInterface link, Kernel kernel) {
    List<InetAddress> addresses = Collections.list(link.getInetAddresses());
    boolean broadcasts =
        link.getInterfaceAddresses().stream().anyMatch(at -> at.getBroadcast() != null);
    try {
      return new NetworkLink(
          link.getName(),
          link.isUp(),
          kernel.ofInterface(link.getName(), "carrier").map("1"::equals),
          link.getMTU(),
          link.isLoopback(),
          broadcasts,
          addresses);
    } catch (SocketException e) { // it went away
      return new NetworkLink(
          link.getName(), false, Optional.empty(), 0, false, broadcasts, addresses);
    }
  }

  /** Its first address of IPv4, which DHCP and TFTP need. */
  Optional<Inet4Address> address() {
    return addresses.stream()
        .filter(Inet4Address.class::isInstance)
        .map(Inet4Address.class::cast)
        .findFirst();
  }
}
