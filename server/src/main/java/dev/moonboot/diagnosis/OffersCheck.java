package dev.moonboot.diagnosis;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who answers DHCP on the nodes' networks, and whether they fight each other. */
final class OffersCheck implements Check {
  private final List<String> links;
  private final boolean answering;
  private final Set<String> own;
  private final OfferProbe probe;

  /**
   * @param links the interfaces to ask on
   * @param answering whether moonboot should answer anybody there now
   * @param own this machine's addresses
   */
  OffersCheck(List<String> links, boolean answering, Set<String> own, OfferProbe probe) {
    this.links = links;
    this.answering = answering;
    this.own = own;
    this.probe = probe;
  }

  /** The addresses of this machine, as they stand in packets. */
  static Set<String> own(Kernel kernel) {
    return NetworkLink.all(kernel).stream()
        .flatMap(link -> link.addresses().stream())
        .map(InetAddress::getHostAddress)
        .collect(Collectors.toSet());
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    if (links.isEmpty()) {
      return List.of(
          Finding.ok("dhcp", "moonboot answers none, and no --interface says where else to ask"));
    }
    List<Finding> found = new ArrayList<>();
    for (String link : links) {
      found.addAll(look(link));
    }
    return found;
  }

  private List<Finding> look(String link) throws InterruptedException {
    String what = "dhcp " + link;
    Map<OfferProbe.As, List<Offered>> offers = new EnumMap<>(OfferProbe.As.class);
    for (OfferProbe.As as : OfferProbe.As.values()) {
      switch (probe.ask(link, as)) {
        case OfferProbe.Outcome.Unusable(var why) -> {
          return List.of(Finding.warn(what, "cannot be asked: " + why, ""));
        }
        case OfferProbe.Outcome.Offers(var all) -> offers.put(as, all);
      }
    }
    Set<Finding> found = new LinkedHashSet<>();
    addresses(what, offers, found);
    offers.forEach((as, all) -> boots(what, as, all, found));
    return List.copyOf(found);
  }

  /** Nodes need an address from somebody. */
  private static void addresses(
      String what, Map<OfferProbe.As, List<Offered>> offers, Set<Finding> found) {
    Set<String> servers =
        offers.values().stream()
            .flatMap(List::stream)
            .filter(offer -> !offer.yours().isEmpty())
            .map(Offered::server)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (servers.isEmpty()) {
      found.add(
          Finding.fail(
              what,
              "nobody offers an address",
              "moonboot hands out none: is the site's DHCP server on this network (VLAN)?"));
    } else if (servers.size() > 1) {
      found.add(
          Finding.warn(
              what,
              "several servers offer addresses: " + String.join(", ", servers),
              "nodes take any of them; is one too many?"));
    } else {
      found.add(Finding.ok(what, servers.iterator().next() + " offers addresses"));
    }
  }

  private void boots(String what, OfferProbe.As as, List<Offered> all, Set<Finding> found) {
    boolean ours = false;
    for (Offered offer : all) {
      if (offer.yours().isEmpty() && own.contains(offer.server())) {
        ours = true;
      } else {
        found.add(other(what, as, offer));
      }
    }
    if (ours) {
      found.add(Finding.ok(what + " " + as, "moonboot answers"));
    } else if (answering) {
      found.add(
          Finding.fail(
              what + " " + as,
              "moonboot does not answer",
              "see its log: moonboot admin boots; or a firewall, or another interface"));
    }
  }

  /** An offer that is not moonboot's own. */
  private Finding other(String what, OfferProbe.As as, Offered offer) {
    String server = offer.server();
    boolean proxy = offer.yours().isEmpty();
    if (!offer.file().isEmpty()) {
      boolean tous =
          own.contains(offer.next()) || own.stream().anyMatch(host(offer.file())::equals);
      String told =
          "%s tells %s to load %s from %s".formatted(server, as, offer.file(), from(offer));
      return tous
          ? Finding.ok(what + " " + as, told + ", which is this machine")
          : Finding.fail(
              what + " " + as,
              told,
              proxy ? "stop that proxy, or be silent here" : "take the boot options out there");
    } else if (proxy) {
      return Finding.warn(
          what, "another proxy answers: " + server, "stop it, or nodes may take its offer");
    } else if (offer.vendor().startsWith("PXEClient")) {
      return Finding.warn(
          what,
          server + " calls itself PXEClient and names no file: UEFI may ask it instead",
          "set dhcp.mode: direct, or take option 60 out there");
    } else if (offer.next().isEmpty() || !own.contains(offer.next())) {
      return Finding.ok(
          what,
          "%s names %s as next server: U-Boot and GRUB ask that for files, so set it to this machine"
                  .formatted(server, offer.next().isEmpty() ? "nobody" : offer.next())
              + " if there are such nodes (moonboot dhcp-snippet)");
    }
    return Finding.ok(what, server + " names this machine as next server");
  }

  private static String from(Offered offer) {
    return offer.next().isEmpty() ? "nobody" : offer.next();
  }

  /** The host of a URL; nothing for a path. */
  private static String host(String file) {
    int start = file.indexOf("://");
    return start < 0 ? "" : file.substring(start + 3).replaceFirst("[:/].*", "");
  }
}
