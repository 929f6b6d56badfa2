package dev.moonboot.diagnosis;

import dev.moonboot.diagnosis.SocketTable.Owner;
import dev.moonboot.diagnosis.SocketTable.Protocol;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who has the ports that are configured. */
final class ListenersCheck implements Check {
  private static final int DHCP = 67;
  private static final int PXE = 4011;

  private record Wanted(String key, Protocol protocol, int port) {
    String name() {
      return "listener " + (key.equals("dhcp") ? key + ":" + port : key);
    }
  }

  private final Configured service;
  private final Kernel kernel;

  ListenersCheck(Configured service, Kernel kernel) {
    this.service = service;
    this.kernel = kernel;
  }

  private List<Wanted> wanted() {
    List<Wanted> wanted = new ArrayList<>();
    wanted.add(new Wanted("http.address", Protocol.TCP, service.http().getPort()));
    InetSocketAddress admin = service.admin();
    if (admin != null) {
      wanted.add(new Wanted("admin.address", Protocol.TCP, admin.getPort()));
    }
    InetSocketAddress tftp = service.tftp();
    if (tftp != null) {
      wanted.add(new Wanted("tftp.address", Protocol.UDP, tftp.getPort()));
    }
    if (!service.dhcp().isEmpty()) {
      if (service.dhcpBroadcast()) {
        wanted.add(new Wanted("dhcp", Protocol.UDP, DHCP));
      }
      wanted.add(new Wanted("dhcp", Protocol.UDP, PXE));
    }
    return wanted;
  }

  @Override
  public List<Finding> look() {
    SocketTable table = SocketTable.of(kernel);
    List<Wanted> wanted = wanted();
    boolean runs =
        wanted.stream()
            .flatMap(port -> table.owners(port.protocol(), port.port()).stream())
            .anyMatch(Owner::isMoonboot);
    List<Finding> found = new ArrayList<>();
    if (!runs && wanted.stream().noneMatch(p -> table.isTaken(p.protocol(), p.port()))) {
      found.add(
          Finding.warn(
              "service", "moonboot does not run here", "start it: systemctl start moonboot"));
    }
    wanted.forEach(port -> found.add(look(table, port, runs)));
    return found;
  }

  private static Finding look(SocketTable table, Wanted port, boolean runs) {
    String name =
        "%s port %d".formatted(port.protocol().name().toLowerCase(Locale.ROOT), port.port());
    if (!table.isTaken(port.protocol(), port.port())) {
      return runs
          ? Finding.fail(
              port.name(),
              name + " is nobody's, and moonboot runs",
              "it runs with another configuration; restart it")
          : Finding.ok(port.name(), name + " is free");
    }
    List<Owner> owners = table.owners(port.protocol(), port.port());
    List<Owner> others = owners.stream().filter(owner -> !owner.isMoonboot()).toList();
    String told = owners.stream().map(Owner::toString).collect(Collectors.joining(", "));
    if (owners.isEmpty()) {
      return Finding.warn(
          port.name(), name + " is taken by a process of another user", "see whose, as root");
    } else if (others.isEmpty()) {
      return Finding.ok(port.name(), name + " is listened at by " + told);
    } else if (others.size() < owners.size()) {
      return Finding.warn(
          port.name(), name + " is listened at by " + told, "stop the other, or both may answer");
    }
    return Finding.fail(
        port.name(),
        name + " is taken by " + told,
        "stop that, or set another address (" + port.key() + ")");
  }
}
