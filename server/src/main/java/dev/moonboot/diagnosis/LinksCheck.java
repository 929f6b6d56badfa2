package dev.moonboot.diagnosis;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Interfaces, and where broadcasts leave. */
final class LinksCheck implements Check {
  private static final Inet4Address EVERYBODY = Inet4Address.ofLiteral("255.255.255.255");
  private static final int ETHERNET = 1500;

  private final Configured service;
  private final Kernel kernel;

  LinksCheck(Configured service, Kernel kernel) {
    this.service = service;
    this.kernel = kernel;
  }

  @Override
  public List<Finding> look() {
    List<NetworkLink> links = NetworkLink.all(kernel);
    List<Finding> found = new ArrayList<>();
    links.stream().filter(link -> !link.loopback()).forEach(link -> found.add(look(link)));
    for (String name : service.dhcp()) {
      if (links.stream().noneMatch(link -> link.name().equals(name))) {
        found.add(
            Finding.fail(
                "interface " + name,
                "dhcp.interfaces names it, and this machine has none of that name",
                "it has: "
                    + links.stream().map(NetworkLink::name).collect(Collectors.joining(", "))));
      }
    }
    found.add(broadcast());
    links.stream()
        .filter(this::isServed)
        .flatMap(link -> filter(link).stream())
        .forEach(found::add);
    return found;
  }

  private boolean isServed(NetworkLink link) {
    return service.dhcp().contains(link.name());
  }

  private Finding look(NetworkLink link) {
    String what = "interface " + link.name();
    String addresses =
        link.addresses().isEmpty()
            ? "no address"
            : link.addresses().stream().map(LinksCheck::plain).collect(Collectors.joining(" "));
    String state = (link.up() ? "up" : "down") + ", " + addresses + ", mtu " + link.mtu();
    boolean served = isServed(link);
    if (served && !link.up()) {
      return Finding.fail(
          what, state, "dhcp.interfaces names it: ip link set " + link.name() + " up");
    } else if (served && link.address().isEmpty()) {
      return Finding.fail(
          what,
          state,
          "dhcp.interfaces names it, and it needs an address of IPv4 in the nodes' network");
    } else if (link.up() && link.carrier().equals(Optional.of(false))) {
      Finding.Verdict verdict = served ? Finding.Verdict.FAIL : Finding.Verdict.WARN;
      return new Finding(verdict, what, state + ", no carrier", "look at the cable and the switch");
    } else if (served && link.mtu() < ETHERNET) {
      return Finding.warn(
          what, state, "nodes expect 1500: a tunnel in between? tftp.block-size must fit it");
    }
    return Finding.ok(what, state);
  }

  /** Without the scope. */
  private static String plain(InetAddress address) {
    return address.getHostAddress().replaceFirst("%.*", "");
  }

  private Finding broadcast() {
    Routes routes = Routes.of(kernel);
    Optional<String> standard = routes.standard().map(Routes.Route::link);
    Optional<String> everybody = routes.to(EVERYBODY).map(Routes.Route::link);
    String told =
        "the default route leaves by %s, a broadcast to 255.255.255.255 by %s"
            .formatted(standard.orElse("nothing"), everybody.orElse("nothing"));
    boolean elsewhere =
        !service.dhcp().isEmpty() && everybody.filter(service.dhcp()::contains).isEmpty();
    // our answers are bound to an interface each, so this is for who looks with other tools
    return elsewhere
        ? Finding.ok("route", told + "; moonboot binds each answer to its interface all the same")
        : Finding.ok("route", told);
  }

  private List<Finding> filter(NetworkLink link) {
    List<Finding> found = new ArrayList<>();
    boolean strict =
        kernel.value("sys/net/ipv4/conf/" + link.name() + "/rp_filter").equals(Optional.of("1"))
            || kernel.value("sys/net/ipv4/conf/all/rp_filter").equals(Optional.of("1"));
    if (strict
        && Routes.of(kernel)
            .standard()
            .map(Routes.Route::link)
            .filter(link.name()::equals)
            .isEmpty()) {
      found.add(
          Finding.ok(
              "rp_filter " + link.name(),
              "strict: packets of relays on other networks are dropped unless a route leads back there"));
    }
    List<String> tables = kernel.lines("net/ip_tables_names");
    if (!tables.isEmpty()) {
      found.add(
          Finding.ok(
              "firewall",
              "iptables is in use: let in UDP 67, 69 and 4011 and TCP "
                  + service.http().getPort()
                  + " by "
                  + link.name()));
    }
    return found;
  }
}
