package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.moonboot.json.Json;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A registry with bases of Talos's shape, and an appliance that puts extensions into them. */
final class ComposedSite implements AutoCloseable {
  /** The extension of the channel {@code moving}. */
  static final String MOVING = "acme/moving:stable";

  private static final Map<String, String> BASES =
      Map.of(
          "imager-1", "siderolabs/imager:v1.13.1",
          "old-1", "siderolabs/imager:v1.7.7",
          "installer-1", "siderolabs/installer:v1.13.1",
          "extended-1", "siderolabs/extended:v1.13.1",
          "ext-01", MOVING);

  private static final List<String> PROGRAMS =
      List.of("depmod", "mcopy", "objdump", "unsquashfs", "xorriso");

  private final Path work;
  private final UserNetwork network;
  private final RegistryProcess registry;
  private final ApplianceProcess appliance;

  private ComposedSite(Path work, UserNetwork network, RegistryProcess registry) {
    this.work = work;
    this.network = network;
    this.registry = registry;
    this.appliance = ApplianceProcess.start(network, work, Set.of(), configuration(network));
  }

  /**
   * Starts both, on loopback.
   *
   * @param work an empty folder
   */
  static ComposedSite open(Path work) {
    return open(work, List.of());
  }

  /**
   * As {@link #open(Path)}, with an appliance that is started by another command.
   *
   * @param around what runs the command behind it
   */
  static ComposedSite open(Path work, List<String> around) {
    PROGRAMS.forEach(Requires::program);
    Fixture.make();
    UserNetwork network = UserNetwork.open(around);
    RegistryProcess registry = RegistryProcess.start(network, work);
    try {
      BASES.forEach((tag, name) -> RegistryProcess.push(network, work, tag, name));
      for (ComposedMachine machine : ComposedMachine.values()) {
        writeProfile(work.resolve("data"), machine);
      }
      return new ComposedSite(work, network, registry);
    } catch (IOException e) {
      registry.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      registry.close();
      throw e;
    }
  }

  private static String configuration(UserNetwork network) {
    int registry = network.ports().registry();
    return Arrays.stream(ComposedMachine.Channel.values())
            .map(channel -> channel.configuration(registry))
            .collect(Collectors.joining())
        + """
          moving:
            arch: [amd64]
            build:
              base: "127.0.0.1:%1$d/siderolabs/imager:v1.13.1"
              extensions: ["127.0.0.1:%1$d/%2$s"]
        """
            .formatted(registry, MOVING);
  }

  private static void writeProfile(Path data, ComposedMachine machine) throws IOException {
    if (!machine.hasScript()) {
      return;
    }
    Files.createDirectories(data.resolve("groups"));
    Files.createDirectories(data.resolve("profiles"));
    Files.writeString(
        data.resolve("groups").resolve(machine.id() + ".json"),
        """
        {"id": "%1$s", "profile": "%1$s", "selector": {"mac": "%2$s"}}
        """
            .formatted(machine.id(), machine.mac()));
    String assets = "/assets/talos/" + machine.channel().id() + "/";
    List<String> initrds = machine.initrds();
    Files.writeString(
        data.resolve("profiles").resolve(machine.id() + ".json"),
        """
        {
          "id": "%s",
          "boot": {
            "kernel": "%svmlinuz-amd64",
            "initrd": [%s],
            "args": [%s, "{cmdline}"]
          }
        }
        """
            .formatted(
                machine.id(),
                assets,
                joined(initrds, "\"--name %1$s " + assets + "%1$s-amd64.xz\""),
                joined(initrds, "\"initrd=%1$s\"")));
  }

  private static String joined(List<String> names, String format) {
    return names.stream().map(format::formatted).collect(Collectors.joining(", "));
  }

  ApplianceProcess appliance() {
    return appliance;
  }

  /** Makes a name in the registry that image of the fixture. */
  void push(String tag, String name) {
    RegistryProcess.push(network, work, tag, name);
  }

  /** Waits until every channel has a release. */
  void awaitReleases(Duration limit) {
    appliance.await("it listens", limit, () -> appliance.status("/readyz") > 0);
    for (ComposedMachine.Channel channel : ComposedMachine.Channel.values()) {
      awaitRelease(channel.id(), limit);
    }
    awaitRelease("moving", limit);
  }

  private void awaitRelease(String channel, Duration limit) {
    appliance.await(
        channel + " is composed",
        limit,
        () -> {
          Json.Obj status = appliance.adminApi("channels/" + channel);
          String state = status.text("state").orElse("");
          assertNotEquals("rejected_content", state, () -> status.text("reason").orElse(""));
          return state.equals("following");
        });
  }

  /** Switches on a machine that must come up with all of its channel's extensions. */
  VirtualMachine machine(ComposedMachine machine) throws IOException {
    Path folder = Files.createTempDirectory(work, machine.id());
    Files.createDirectories(folder.resolve("disk/EFI/BOOT"));
    return VirtualMachine.start(machine.bootvm(network, appliance, folder), folder, List.of());
  }

  @Override
  public void close() {
    appliance.close();
    registry.close();
    network.close();
  }
}
