package dev.moonboot.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A network with a registry and an appliance, either of which may be down. */
final class Site implements AutoCloseable {
  private final Path work;
  private final Network network;
  private final Set<Layout> layouts;
  private @Nullable RegistryProcess registry;
  private @Nullable ApplianceProcess appliance;
  private @Nullable Metadata metadata;

  private Site(Path work, Network network, Set<Layout> layouts) {
    this.work = work;
    this.network = network;
    this.layouts = layouts;
  }

  /**
   * A site with nothing running yet.
   *
   * @param work an empty folder
   * @param layouts what its appliance follows
   */
  static Site open(Path work, Set<Layout> layouts) {
    Fixture.make();
    return new Site(work, Network.open(work), layouts);
  }

  /** As {@link #open}, where this JVM itself reaches the appliance. */
  static Site onLoopback(Path work, Set<Layout> layouts) {
    Fixture.make();
    return new Site(work, UserNetwork.open(), layouts);
  }

  Network network() {
    return network;
  }

  /** The network, for what only a lab has. */
  Lab lab() {
    if (network instanceof Lab lab) {
      return lab;
    }
    throw new IllegalStateException("this network is no lab");
  }

  void startRegistry() {
    registry = RegistryProcess.start(network, work);
  }

  /** Pushes the images of that release, each under the tag that its channel follows. */
  void push(int release) {
    layouts.forEach(layout -> push(layout, release));
  }

  void stopRegistry() {
    if (registry != null) {
      registry.close();
    }
  }

  /** Starts a cloud's metadata service; its user data are those that moonboot prints. */
  void startMetadata() {
    metadata = Metadata.start(lab(), work);
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
    appliance = ApplianceProcess.start(network, work, layouts, configuration);
    return appliance;
  }

  void stopAppliance() {
    if (appliance != null) {
      appliance.close();
    }
  }

  /** Switches on a machine that must come up with what its profile names, of that release. */
  VirtualMachine machine(Machine machine, int release) throws IOException {
    return machine(machine, release, 0);
  }

  /**
   * As {@link #machine(Machine, int)}, beside another one.
   *
   * @param card the network card that the other has not, 0 or 1
   */
  VirtualMachine machine(Machine machine, int release, int card) throws IOException {
    return VirtualMachine.start(
        network.bootvm(machine, card), folder(machine), machine.expected(release));
  }

  /** Switches on one that is alike but for its MAC, and whose console must show each of these. */
  VirtualMachine machine(Machine like, String mac, List<String> expected) throws IOException {
    List<String> bootvm = new ArrayList<>(network.bootvm(like, 0));
    bootvm.addAll(List.of("--mac", mac));
    return VirtualMachine.start(bootvm, folder(like), expected);
  }

  private Path folder(Machine machine) throws IOException {
    return Files.createTempDirectory(work, machine.id());
  }

  /** Waits until the files of the channels that a kernel is booted from are of that release. */
  void awaitReleases(ApplianceProcess server, int release, Duration limit) {
    layouts.stream()
        .filter(Layout::isBootable)
        .forEach(layout -> awaitRelease(server, layout, release, limit));
  }

  /** Waits until the channel's files are those of that release. */
  void awaitRelease(ApplianceProcess server, Layout layout, int release, Duration limit) {
    String sum = Fixture.sha256(layout.arch(), release, "initramfs.xz");
    String path =
        "/assets/talos/" + layout.id() + "/initramfs-" + layout.arch().id() + ".xz.sha256";
    server.await(
        layout.id() + " of release " + release + " is served",
        limit,
        () -> server.text(path).startsWith(sum));
  }

  @Override
  public void close() {
    stopAppliance();
    stopRegistry();
    if (metadata != null) {
      metadata.close();
    }
    network.close();
  }
}
