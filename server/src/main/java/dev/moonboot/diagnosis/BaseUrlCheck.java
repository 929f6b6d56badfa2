package dev.moonboot.diagnosis;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether the URLs that nodes are given lead to this machine. */
final class BaseUrlCheck implements Check {
  private final Configured service;
  private final Set<String> own;

  BaseUrlCheck(Configured service, Set<String> own) {
    this.service = service;
    this.own = own;
  }

  @Override
  public List<Finding> look() {
    List<Finding> found = new ArrayList<>();
    if (service.advertised().isEmpty()) {
      found.add(
          service.http().getAddress().isLoopbackAddress()
              ? Finding.fail(
                  "base-url",
                  "http.address is a loopback address: no node reaches it",
                  "set http.address: 0.0.0.0:" + service.http().getPort())
              : Finding.ok("base-url", "nodes are given this machine's address on their network"));
    }
    service.advertised().forEach(url -> found.add(look(url)));
    return found;
  }

  private Finding look(String url) {
    String host = URI.create(url).getHost();
    String plain = host == null ? "" : host.replaceAll("[\\[\\]]", "");
    try {
      InetAddress address = InetAddress.ofLiteral(plain);
      return own.contains(address.getHostAddress())
          ? Finding.ok("base-url", "nodes are given " + url + ", which is this machine")
          : Finding.warn(
              "base-url",
              "nodes are given " + url + ", which is no address of this machine",
              "right only behind NAT or a proxy; otherwise correct http.advertise");
    } catch (IllegalArgumentException e) {
      return Finding.warn(
          "base-url",
          "nodes are given " + url + ", whose name they have to look up",
          "UEFI and iPXE need a DNS server from DHCP for that; an address needs none");
    }
  }
}
