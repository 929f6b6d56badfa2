package dev.moonboot.assets.registry;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * How far out an address lies, innermost first. A registry may lead us to addresses of its own
 * reach or further out, never further in: or any registry on the internet could use this machine to
 * ask the services around it.
 */
enum Reach {
  LOOPBACK,
  /** RFC 1918, RFC 4193, RFC 6598 and other addresses that the internet does not route. */
  PRIVATE,
  PUBLIC,
  /** Never connected to: unspecified, link-local, multicast, and where clouds keep credentials. */
  FORBIDDEN;

  private static final List<Block> LOOPBACKS = blocks("127.0.0.0/8", "::1/128");

  private static final List<Block> FORBIDDENS =
      blocks(
          "0.0.0.0/8",
          "169.254.0.0/16",
          "192.0.0.192/32", // metadata of Oracle's cloud
          "100.100.100.200/32", // metadata of Alibaba's cloud
          "168.63.129.16/32", // Azure's wire server
          "224.0.0.0/3",
          "::/128",
          "fe80::/10",
          "fd00:ec2::/32", // metadata of Amazon's cloud
          "fd20:ce::254/128", // metadata of Google's cloud
          "ff00::/8");

  private static final List<Block> PRIVATES =
      blocks(
          "10.0.0.0/8",
          "100.64.0.0/10",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "fc00::/7",
          "fec0::/10");

  private static final Block NAT64 = Block.parse("64:ff9b::/96"); // RFC 6052
  private static final Block SIX_TO_FOUR = Block.parse("2002::/16"); // RFC 3056
  private static final Block COMPATIBLE = Block.parse("::/96"); // RFC 4291, 2.5.5.1

  /** Addresses with the same leading bits. */
  record Block(InetAddress network, int bits) {
    /**
     * Reads {@code address/bits}, or an address for itself alone.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static Block parse(String text) {
      int slash = text.indexOf('/');
      InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int all = network.getAddress().length * 8;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > all) {
        throw new IllegalArgumentException("no such prefix length: " + text);
      }
      return new Block(network, bits);
    }

    boolean contains(InetAddress address) {
      byte[] a = network.getAddress();
      byte[] b = address.getAddress();
      if (a.length != b.length) {
        return false;
      }
      int whole = bits / 8;
      int rest = bits % 8;
      return Arrays.equals(a, 0, whole, b, 0, whole)
          && (rest == 0 || ((a[whole] ^ b[whole]) & 0xff) >> (8 - rest) == 0);
    }
  }

  static Reach of(InetAddress address) {
    if (contains(LOOPBACKS, address)) {
      return LOOPBACK;
    }
    if (contains(FORBIDDENS, address)) {
      return FORBIDDEN;
    }
    if (contains(PRIVATES, address)) {
      return PRIVATE;
    }
    return address instanceof Inet6Address six ? ofEmbedded(six) : PUBLIC;
  }

  /** An IPv4 address may be written within an IPv6 one: it is that address that is reached. */
  private static Reach ofEmbedded(Inet6Address address) {
    byte[] bytes = address.getAddress();
    if (NAT64.contains(address) || COMPATIBLE.contains(address)) {
      return of(four(bytes, 12));
    }
    return SIX_TO_FOUR.contains(address) ? of(four(bytes, 2)) : PUBLIC;
  }

  private static InetAddress four(byte[] bytes, int from) {
    try {
      return Inet4Address.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  private static boolean contains(List<Block> blocks, InetAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  private static List<Block> blocks(String... texts) {
    return Stream.of(texts).map(Block::parse).toList();
  }
}
