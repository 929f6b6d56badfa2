package dev.moonboot.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A network with a registry and an appliance, either of which may be down. */
final class Site implements AutoCloseable {
  private final Path work;
  private final Network network;
  private @Nullable RegistryProcess registry;
  private @Nullable ApplianceProcess appliance;

  private Site(Path work, Network network) {
    this.work = work;
    this.network = network;
  }

  /** A site with nothing running yet; {@code work} is an empty folder. */
  static Site open(Path work) {
    Fixture.make();
    return new Site(work, Network.open(work));
  }

  /** As {@link #open}, where this JVM itself reaches the appliance. */
  static Site onLoopback(Path work) {
    Fixture.make();
    return new Site(work, UserNetwork.open(work));
  }

  Network network() {
    return network;
  }

  void startRegistry() {
    registry = RegistryProcess.start(network, work);
  }

  void stopRegistry() {
    if (registry != null) {
      registry.close();
    }
  }

  /** Makes the tag that the layout's channel follows name the image of that release. */
  void push(Layout layout, int release) {
    RegistryProcess.push(network, work, layout, release);
  }

  /** Starts the appliance, with what it has cached so far. */
  ApplianceProcess startAppliance() {
    return startAppliance("");
  }

  /** As {@link #startAppliance()}, with these lines more in its configuration. */
  ApplianceProcess startAppliance(String configuration) {
    appliance = ApplianceProcess.start(network, work, configuration);
    return appliance;
  }

  void stopAppliance() {
    if (appliance != null) {
      appliance.close();
    }
  }

  /** Switches on a machine that must come up with {@code layout} of {@code release}. */
  VirtualMachine machine(Firmware firmware, Layout layout, int release) throws IOException {
    Path folder = Files.createTempDirectory(work, firmware.id() + "-" + layout.id());
    return VirtualMachine.start(network, folder, firmware, layout, release);
  }

  /** Switches on any machine, of which the console must show each of these. */
  VirtualMachine machine(Firmware firmware, String mac, List<String> expected) throws IOException {
    Path folder = Files.createTempDirectory(work, firmware.id());
    return VirtualMachine.start(network, folder, firmware, mac, expected);
  }

  /** Waits until the channel's files are those of that release. */
  void awaitRelease(ApplianceProcess server, Layout layout, int release, Duration limit) {
    String sum = Fixture.sha256(Firmware.BIOS, release, "initramfs.xz");
    String path = "/assets/talos/" + layout.id() + "/initramfs-amd64.xz.sha256";
    server.await(
        layout.id() + " of release " + release + " is served",
        limit,
        () -> server.text(path).startsWith(sum));
  }

  @Override
  public void close() {
    stopAppliance();
    stopRegistry();
    network.close();
  }
}
