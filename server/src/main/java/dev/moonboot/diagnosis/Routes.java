package dev.moonboot.diagnosis;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The main routing table for IPv4, as {@code /proc/net/route} shows it. */
record Routes(List<Route> all) {
  private static final int UP = 1;

  /** One route; numbers as they stand in the file, least significant byte first. */
  record Route(String link, int destination, int mask, int gateway, int metric) {
    private boolean fits(int address) {
      return (address & mask) == destination;
    }

    Optional<InetAddress> via() {
      return gateway == 0 ? Optional.empty() : Optional.of(address(gateway));
    }
  }

  static Routes of(Kernel kernel) {
    return new Routes(
        kernel.lines("net/route").stream()
            .skip(1)
            .map(line -> line.split("\t", -1))
            .filter(fields -> fields.length >= 8 && (number(fields[3]) & UP) != 0)
            .map(fields ->
                new Route(
                    fields[0].strip(),
                    number(fields[1]),
                    number(fields[7]),
                    number(fields[2]),
                    Integer.parseInt(fields[6].strip())))
            .toList());
  }

  private static int number(String hex) {
    return Integer.parseUnsignedInt(hex.strip(), 16);
  }

  private static InetAddress address(int number) {
    int bytes = Integer.reverseBytes(number);
    try {
      return InetAddress.getByAddress(
          new byte[] {
            (byte) (bytes >> 24), (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes
          });
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  private static int number(Inet4Address address) {
    byte[] b = address.getAddress();
    return (b[0] & 0xff) | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16 | (b[3] & 0xff) << 24;
  }

  /** By which route a packet leaves, unless a rule says otherwise. */
  Optional<Route> to(Inet4Address address) {
    int number = number(address);
    return all.stream()
        .filter(route -> route.fits(number))
        .max(
            Comparator.<Route>comparingInt(route -> Integer.bitCount(route.mask()))
                .thenComparing(Comparator.comparingInt(Route::metric).reversed()));
  }

  /** Where everything goes that nothing else is said of. */
  Optional<Route> standard() {
    return all.stream()
        .filter(route -> route.mask() == 0)
        .min(Comparator.comparingInt(Route::metric));
  }
}
