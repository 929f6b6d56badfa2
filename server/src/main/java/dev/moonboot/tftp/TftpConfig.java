package dev.moonboot.tftp;

import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.node.NetRange;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How TFTP is served.
 *
 * @param listen where requests come in; port 0 takes a free one
 * @param singlePort true: every packet of a transfer leaves from the port the request came to, so
 *     NAT, container networks and stateful firewalls need no helper; false: a port per transfer, as
 *     RFC 1350 section 4 has it
 * @param transfers how many transfers run at once, 1 to 4096
 * @param transfersPerClient how many of them for one address, 1 to {@code transfers}
 * @param blockSize the largest block agreed to, in bytes, 512 to 65464 (RFC 2348); what the
 *     interface's MTU holds without fragments is a limit as well
 * @param windowSize the largest window agreed to, in blocks, 1 to 64 (RFC 7440)
 * @param allowedNets sources that get an answer; empty for any
 */
public record TftpConfig(
    InetSocketAddress listen,
    boolean singlePort,
    int transfers,
    int transfersPerClient,
    int blockSize,
    int windowSize,
    List<NetRange> allowedNets) {
  /** The port that firmware asks (RFC 1350 section 4). */
  public static final int PORT = 69;

  private static final Kind<NetRange> NET_RANGE =
      new Kind<>("an address range such as 10.0.0.0/8", NetRange::parse, NetRange::toString);

  /** An Ethernet frame's 1500 bytes less IPv4, UDP and TFTP headers. */
  static final int ETHERNET_BLOCK = 1468;

  /**
   * @throws IllegalArgumentException when a number is out of the range given above
   */
  public TftpConfig {
    within("transfers", transfers, 1, 4096);
    within("transfersPerClient", transfersPerClient, 1, transfers);
    within("blockSize", blockSize, 512, 65464);
    within("windowSize", windowSize, 1, 64);
    allowedNets = List.copyOf(allowedNets);
  }

  /** Reads the section {@code tftp}; empty when TFTP is switched off. */
  public static Optional<TftpConfig> read(ConfigReader in) {
    TftpConfig usual = at(new InetSocketAddress(PORT));
    boolean enabled = in.bool("enabled", "whether TFTP is served", true);
    InetSocketAddress address = in.address("address", "where TFTP is served", usual.listen);
    boolean singlePort =
        in.bool(
            "single-port",
            "whether a transfer stays on that port, as NAT and containers need it; otherwise each"
                + " has a port of its own",
            usual.singlePort);
    int transfers = number(in, "transfers", "transfers running at once", usual.transfers, 1, 4096);
    String forOne = "transfers running at once for one address";
    String block =
        "largest block agreed to, in bytes; larger than the network's packets means fragments";
    String window = "most blocks sent before an acknowledgement";
    TftpConfig config =
        new TftpConfig(
            address,
            singlePort,
            transfers,
            number(
                in,
                "transfers-per-client",
                forOne,
                Math.min(usual.transfersPerClient, transfers),
                1,
                transfers),
            number(in, "block-size", block, usual.blockSize, 512, 65464),
            number(in, "window-size", window, usual.windowSize, 1, 64),
            in.values(
                "allowed-nets", "who gets an answer; empty for everybody", List.of(), NET_RANGE));
    return enabled ? Optional.of(config) : Optional.empty();
  }

  private static int number(
      ConfigReader in, String key, String what, int fallback, int least, int most) {
    int value = in.integer(key, what, fallback, Check.atLeast(least), Check.atMost(most));
    return Math.clamp(value, least, most); // out of range is a problem told already
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + " and must be from " + least + " to " + most);
    }
  }

  /** The defaults, listening at {@code listen}. */
  public static TftpConfig at(InetSocketAddress listen) {
    return new TftpConfig(listen, true, 256, 8, ETHERNET_BLOCK, 32, List.of());
  }
}
