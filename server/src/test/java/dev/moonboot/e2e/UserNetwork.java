package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * QEMU's user network: machines see the host's loopback as 10.0.2.2. QEMU answers DHCP and, for
 * UEFI, TFTP itself, so of our listeners only HTTP is booted from.
 */
final class UserNetwork implements Network {
  private final Path work;
  private final Ports ports;

  private UserNetwork(Path work, Ports ports) {
    this.work = work;
    this.ports = ports;
  }

  static UserNetwork open(Path work) {
    try (var http = tcp();
        var admin = tcp();
        var registry = tcp();
        var grpc = tcp();
        var tftp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return new UserNetwork(
          work,
          new Ports(
              http.getLocalPort(),
              tftp.getLocalPort(),
              admin.getLocalPort(),
              registry.getLocalPort(),
              grpc.getLocalPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket tcp() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Override
  public List<String> onServer(List<String> command) {
    return command;
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
  public List<String> bootvm(Firmware firmware) {
    String script = bootUrl() + "/boot.ipxe";
    return firmware == Firmware.BIOS
        ? List.of(Script.BOOTVM.path(), firmware.id(), "--bootfile", script)
        : List.of(
            Script.BOOTVM.path(),
            firmware.id(),
            "--tftp",
            bootFolder(firmware, script).toString(),
            "--bootfile",
            firmware.bootProgram());
  }

  /** iPXE as an EFI program asks for {@code autoexec.ipxe} beside itself. */
  private Path bootFolder(Firmware firmware, String script) {
    try {
      Path folder = Files.createDirectories(work.resolve("tftp"));
      String program = firmware.bootProgram();
      Files.copy(
          Fixture.bootPrograms().resolve(program),
          folder.resolve(program),
          StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(folder.resolve("autoexec.ipxe"), "#!ipxe\ndhcp\nchain " + script + "\n");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // nothing is kept: QEMU's network ends with QEMU
  }
}
