package dev.moonboot.dhcp;

import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network interface as it is now.
 *
 * @param index changes when one of the same name takes its place
 * @param address null while it has none
 */
record Interface(String name, int index, int mtu, @Nullable Inet4Address address) {
  /** Empty when there is none of that name, or it is down. */
  static Optional<Interface> now(String name) {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      return found == null || !found.isUp()
          ? Optional.empty()
          : Optional.of(new Interface(name, found.getIndex(), found.getMTU(), address(found)));
    } catch (SocketException e) {
      return Optional.empty(); // it went away while it was looked at
    }
  }

  /** That from which the kernel sends; Java lists addresses last to first. */
  private static @Nullable Inet4Address address(NetworkInterface of) {
    List<InterfaceAddress> all = of.getInterfaceAddresses();
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).getAddress() instanceof Inet4Address v4) {
        return v4;
      }
    }
    return null;
  }

  /** Where answers leave; empty while it has no address. */
  Optional<Link> link() {
    return Optional.ofNullable(address).map(here -> new Link(here, mtu));
  }
}
