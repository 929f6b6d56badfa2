package dev.moonboot.secret;

import dev.moonboot.node.NetRange;
import java.net.InetAddress;
import java.util.List;

/**
 * Who may read the machine configs of a profile.
 *
 * @param subnets counts for {@link Access#SUBNET} only
 */
public record AccessPolicy(Access access, List<NetRange> subnets) {
  public AccessPolicy {
    subnets = List.copyOf(subnets);
  }

  /**
   * Whether it lets {@code client} read without a ticket or an approval.
   *
   * @param client its address, as the connection shows it
   */
  boolean admitsWithoutTicket(String client) {
    return switch (access) {
      case OPEN -> true;
      case SUBNET -> isInSubnets(client);
      case TICKET, APPROVAL -> false;
    };
  }

  private boolean isInSubnets(String client) {
    try {
      int zone = client.indexOf('%');
      InetAddress address = InetAddress.ofLiteral(zone < 0 ? client : client.substring(0, zone));
      return subnets.stream().anyMatch(subnet -> subnet.contains(address));
    } catch (IllegalArgumentException e) {
      return false; // no address, so of no subnet
    }
  }
}
