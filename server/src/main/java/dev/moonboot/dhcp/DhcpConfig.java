package dev.moonboot.dhcp;

import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NetRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How ProxyDHCP is served.
 *
 * @param interfaces where; never empty, and never all there are
 * @param mode for UEFI that loads by TFTP, where no quirk says otherwise
 * @param quirks the first that fits a client counts
 * @param broadcast whether DISCOVERs are answered; otherwise only what comes to port 4011
 * @param unknown whether nodes are answered that no group selects by their hardware address
 * @param relayNets where relays may stand
 * @param rate answers a second for all nodes together; as many again are kept for known ones
 * @param burst answers at once after a quiet time
 * @param delay how long an answer waits
 */
public record DhcpConfig(
    List<String> interfaces,
    Mode mode,
    List<Quirk> quirks,
    boolean broadcast,
    boolean unknown,
    List<NetRange> relayNets,
    int rate,
    int burst,
    Duration delay) {
  private static final int RATE = 50;
  private static final int BURST = 100;
  private static final int MOST = 10_000;
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

  private static final Pattern NAME = Pattern.compile("[!-.0-~]{1,15}");

  private static final Kind<String> INTERFACE =
      new Kind<>(
          "the name of a network interface such as eth1",
          text -> {
            if (!NAME.matcher(text).matches()) {
              throw new IllegalArgumentException("names have 1 to 15 characters and no slash");
            }
            return text;
          },
          text -> text);

  private static final Kind<Mode> MODE =
      new Kind<>("binl or direct", text -> mode(text, Mode.BINL, Mode.DIRECT), Mode::word);

  private static final Kind<Mode> QUIRK_MODE =
      new Kind<>("binl, direct or silent", text -> mode(text, Mode.values()), Mode::word);

  private static final Kind<String> MAC_PREFIX =
      new Kind<>(
          "how a hardware address begins, such as 52:54:00", Quirk::prefix, prefix -> prefix);

  private static final Kind<NetRange> NET_RANGE =
      new Kind<>("an address range such as 10.0.0.0/8", NetRange::parse, NetRange::toString);

  /**
   * @throws IllegalArgumentException when no interface is named
   */
  public DhcpConfig {
    if (interfaces.isEmpty()) {
      throw new IllegalArgumentException("ProxyDHCP needs to be told its interfaces");
    }
    interfaces = interfaces.stream().distinct().toList();
    quirks = List.copyOf(quirks);
    relayNets = List.copyOf(relayNets);
  }

  private static Mode mode(String text, Mode... modes) {
    for (Mode mode : modes) {
      if (mode.word().equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("unknown");
  }

  /** The defaults on one interface. */
  public static DhcpConfig on(String name) {
    return new DhcpConfig(
        List.of(name), Mode.BINL, List.of(), true, true, List.of(), RATE, BURST, Duration.ZERO);
  }

  /** Reads the section {@code dhcp}; empty when ProxyDHCP is off, as it is unless asked for. */
  public static Optional<DhcpConfig> read(ConfigReader in) {
    Optional<Boolean> enabled =
        in.optional(
            "enabled",
            "whether nodes are told over DHCP (ProxyDHCP: without leases) what to load; without"
                + " it, whether interfaces are named",
            Kind.BOOLEAN);
    List<String> interfaces =
        in.values(
            "interfaces",
            "the interfaces whose networks are answered; never all unless all are named",
            List.of(),
            INTERFACE);
    if (enabled.orElse(false) && interfaces.isEmpty()) {
      in.problem(
          "interfaces",
          "must name at least one where dhcp.enabled is true: answering DHCP on every network of"
              + " this machine is never meant; write interfaces: [eth1]");
    }
    Mode mode =
        in.value(
            "mode",
            "how UEFI is told: binl (it asks again on port 4011) or direct (the offer says it all)",
            Mode.BINL,
            MODE,
            List.of());
    List<Quirk> quirks = quirks(in);
    boolean broadcast =
        in.bool(
            "broadcast",
            "whether broadcasts to port 67 are answered; false where another server has that port,"
                + " then only port 4011",
            true);
    boolean unknown =
        in.bool("unknown", "whether nodes are answered that no group selects by their mac", true);
    List<NetRange> relays =
        in.values("relay-nets", "where DHCP relays may stand", List.of(), NET_RANGE);
    int rate = number(in, "rate", "answers a second; as many again for nodes of groups", RATE);
    int burst = number(in, "burst", "answers at once after a quiet time", BURST);
    Duration delay =
        in.duration(
            "delay",
            "how long an answer waits, for networks where another boot server is to be first",
            Duration.ZERO,
            Check.atMost(LONGEST_DELAY));
    return interfaces.isEmpty() || !enabled.orElse(true)
        ? Optional.empty()
        : Optional.of(
            new DhcpConfig(
                interfaces, mode, quirks, broadcast, unknown, relays, rate, burst, delay));
  }

  private static List<Quirk> quirks(ConfigReader in) {
    List<Quirk> quirks = new ArrayList<>();
    for (ConfigReader item : in.list("quirks")) {
      String mac =
          item.optional("mac", "how the node's hardware address begins", MAC_PREFIX).orElse("");
      String vendor =
          item.optional("vendor", "how option 60 of its packets begins", Kind.TEXT).orElse("");
      Optional<Mode> mode =
          item.required("mode", "what such a node gets: binl, direct or silent", QUIRK_MODE);
      if (mac.isEmpty() && vendor.isEmpty() && mode.isPresent()) {
        item.problem("mode", "says nothing of which nodes; add mac, vendor or both");
      }
      mode.ifPresent(what -> quirks.add(new Quirk(mac, vendor, what)));
    }
    return quirks;
  }

  private static int number(ConfigReader in, String key, String what, int fallback) {
    int value = in.integer(key, what, fallback, Check.atLeast(1), Check.atMost(MOST));
    return Math.clamp(value, 1, MOST); // out of range is a problem told already
  }

  /** What this node is told by. */
  public Mode mode(MacAddress mac, String vendorClass) {
    for (Quirk quirk : quirks) {
      if (quirk.fits(mac, vendorClass)) {
        return quirk.mode();
      }
    }
    return mode;
  }
}
