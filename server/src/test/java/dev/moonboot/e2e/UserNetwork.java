package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * QEMU's user network: machines see the host's loopback as 10.0.2.2. QEMU answers DHCP itself, and
 * names our script to iPXE, so of our listeners only HTTP is booted from.
 */
final class UserNetwork implements Network {
  private final Ports ports;
  private final List<String> around;

  private UserNetwork(Ports ports, List<String> around) {
    this.ports = ports;
    this.around = List.copyOf(around);
  }

  static UserNetwork open() {
    return open(List.of());
  }

  /**
   * As {@link #open()}, for an appliance's machine that is set up in another way.
   *
   * @param around a command that runs the one behind it
   */
  static UserNetwork open(List<String> around) {
    try (var http = tcp();
        var admin = tcp();
        var registry = tcp();
        var grpc = tcp();
        var tftp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return new UserNetwork(
          new Ports(
              http.getLocalPort(),
              tftp.getLocalPort(),
              admin.getLocalPort(),
              registry.getLocalPort(),
              grpc.getLocalPort()),
          around);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket tcp() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Override
  public List<String> onServer(List<String> command) {
    List<String> all = new ArrayList<>(around);
    all.addAll(command);
    return all;
  }

  @Override
  public String address() {
    return "127.0.0.1";
  }

  @Override
  public String bootUrl() {
    return "http://10.0.2.2:" + ports.http();
  }

  @Override
  public Ports ports() {
    return ports;
  }

  @Override
  public List<String> bootvm(Machine machine, int card) {
    if (machine.firmware() != Firmware.BIOS) {
      throw new IllegalArgumentException(machine.id() + " boots only in a lab");
    }
    List<String> command = new ArrayList<>(List.of(Script.BOOTVM.path()));
    command.addAll(machine.bootvm(address()));
    command.addAll(List.of("--bootfile", bootUrl() + "/boot.ipxe"));
    return command;
  }

  @Override
  public String configuration() {
    return "";
  }

  @Override
  public void close() {
    // nothing is kept: QEMU's network ends with QEMU
  }
}
