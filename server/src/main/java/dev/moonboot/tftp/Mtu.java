package dev.moonboot.tftp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How large a block may be to travel from one of our addresses without fragments, which many ROMs
 * cannot put together. For one thread.
 */
final class Mtu {
  private static final long FRESH = Duration.ofSeconds(30).toNanos();
  private static final int ETHERNET = 1500;
  private static final int IPV4_HEADERS = 32; // IP 20, UDP 8, TFTP 4
  private static final int IPV6_HEADERS = 52;

  private record Known(int mtu, long readAt) {}

  private final Map<InetAddress, Known> known = new HashMap<>();

  /** The largest block from {@code local}, in bytes. */
  int block(InetAddress local, long now) {
    Known held = known.get(local);
    if (held == null || now - held.readAt() > FRESH) {
      held = new Known(read(local), now);
      known.put(local, held); // as many as we have addresses
    }
    return held.mtu() - (local instanceof Inet6Address ? IPV6_HEADERS : IPV4_HEADERS);
  }

  private static int read(InetAddress local) {
    try {
      NetworkInterface at = NetworkInterface.getByInetAddress(local);
      return at == null ? ETHERNET : at.getMTU();
    } catch (SocketException e) {
      return ETHERNET;
    }
  }
}
