package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two network namespaces, made by {@code e2enet}: a provisioning network whose DHCP server (dnsmasq
 * in the part of a site's router) gives addresses and knows of no boot service, and the appliance's
 * machine. All of it, with every process inside, is gone when this is closed or when this JVM ends.
 */
final class Lab implements Network {
  private static final String NAME = "e2e";
  private static final String SERVER = "10.77.0.2";
  private static final Path TUN = Path.of("/dev/net/tun");

  private final Process holder;
  private final long inside;
  private final Running dhcp;

  private Lab(Process holder, Path work) {
    this.holder = holder;
    this.inside = holder.children().findFirst().orElseThrow().pid();
    this.dhcp = Running.start(enter("lan", dnsmasq(work)), work.resolve("dhcp.log"));
  }

  static boolean isPossible() {
    return Files.isReadable(TUN) && Files.isWritable(TUN);
  }

  static Lab open(Path work) {
    try {
      // cat lives as long as the pipe to it, so the lab ends with this JVM however that ends
      Path errors = work.resolve("lab.log");
      Process holder =
          new ProcessBuilder(Script.E2ENET.path(), NAME, "sh", "-c", "echo ready; exec cat")
              .redirectError(errors.toFile())
              .start();
      if (!"ready".equals(holder.inputReader().readLine())) {
        throw new AssertionError("cannot make a lab: " + Files.readString(errors));
      }
      return new Lab(holder, work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Range, router and lease time; only what cannot hear of us otherwise is told more. */
  private static List<String> dnsmasq(Path work) {
    List<String> command = new ArrayList<>(plainDnsmasq(work));
    for (Machine machine : Machine.values()) {
      // an address of its own each: dnsmasq may offer the same to two that ask at once
      String host = "--dhcp-host=" + machine.mac() + "," + machine.address();
      Optional<String> told = machine.dhcpBoot(SERVER);
      command.add(told.isPresent() ? host + ",set:" + machine.id() : host);
      told.ifPresent(boot -> command.add("--dhcp-boot=tag:" + machine.id() + "," + boot));
    }
    return command;
  }

  private static List<String> plainDnsmasq(Path work) {
    return List.of(
        "dnsmasq",
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--pid-file=",
        "--user=root",
        "--port=0",
        "--interface=br0",
        "--bind-interfaces",
        "--no-ping",
        "--dhcp-leasefile=" + work.resolve("leases"),
        "--dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h",
        "--enable-ra",
        "--dhcp-range=fd77::,ra-only,64,1h");
  }

  @Override
  public List<String> onServer(List<String> command) {
    return enter("srv", command);
  }

  /** {@code command} as it must be started to run beside the site's DHCP server. */
  List<String> onLan(List<String> command) {
    return enter("lan", command);
  }

  /** {@code command} as it must be started to run on a machine that has no address yet. */
  List<String> onNode(List<String> command) {
    return enter("node", command);
  }

  @Override
  public String address() {
    return SERVER;
  }

  @Override
  public String bootUrl() {
    return "http://" + SERVER;
  }

  @Override
  public Ports ports() {
    return new Ports(80, 69, 8090, 5000, 8081);
  }

  @Override
  public List<String> bootvm(Machine machine, int card) {
    List<String> command = new ArrayList<>(List.of(Script.BOOTVM.path()));
    command.addAll(machine.bootvm(SERVER));
    command.addAll(List.of("--net", "lab:" + NAME + ":tap" + card));
    return enter(command);
  }

  @Override
  public String configuration() {
    return """
    dhcp:
      interfaces: [eth0]
      quirks:
        - {mac: "%s", mode: direct}
        - {mac: "%s", mode: silent}
    """
        .formatted(Machine.UEFI_AMD64_DIRECT.mac(), Machine.EC2.mac());
  }

  private List<String> enter(String side, List<String> command) {
    var namespace = Stream.of("ip", "netns", "exec", NAME + "-" + side);
    return enter(Stream.concat(namespace, command.stream()).toList());
  }

  private List<String> enter(List<String> command) {
    boolean root = "root".equals(System.getProperty("user.name"));
    var nsenter = Stream.of("nsenter", "-t", Long.toString(inside), "-m", "-n", "-p");
    var user = root ? Stream.<String>of() : Stream.of("-U", "--preserve-credentials");
    return Stream.concat(Stream.concat(nsenter, user), command.stream()).toList();
  }

  @Override
  public void close() {
    dhcp.close();
    try {
      holder.getOutputStream().close();
      holder.waitFor(10, TimeUnit.SECONDS);
      holder.getInputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
