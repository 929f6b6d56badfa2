package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.Configuration;
import dev.moonboot.diagnosis.Finding;
import dev.moonboot.http.RawClient;
import dev.moonboot.release.FollowListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of nodes that lose extensions once they boot from their disks. */
class DoctorInstallTest {
  private static final String MAC = "52:54:00:a1:9c:ae";

  @TempDir private Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private void installsFrom(String image) throws IOException {
    write("static/node.yaml", "machine: {install: {image: \"%s\"}}".formatted(image));
  }

  private static List<Finding> ofNode(ApplianceConfig config, Appliance appliance)
      throws InterruptedException {
    return DoctorTest.look(config, appliance).findings().stream()
        .filter(finding -> finding.what().equals("node " + MAC))
        .toList();
  }

  @Test
  void a_config_that_installs_without_what_the_node_netboots_is_warned_of() throws Exception {
    write("data/groups/all.json", "{\"id\": \"all\", \"profile\": \"talos\"}");
    write(
        "data/profiles/talos.json",
        """
        {"id": "talos", "machine_config": "node.yaml", "boot": {
          "kernel": "/assets/talos/compute/vmlinuz-amd64",
          "initrd": ["/assets/talos/compute/initramfs-amd64.xz"]}}
        """);
    installsFrom("ghcr.io/siderolabs/installer:v1.13.9");
    try (BuildLab lab = new BuildLab(folder)) {
      Path file =
          lab.configure(
              """
              data: data
              cache: cache
              state: state
              static: static
              channels:
                compute:
                  arch: amd64
                  build:
                    base: ghcr.io/siderolabs/imager:v1.13.9
                    extensions: [siderolabs/gvisor]
                    outputs: [initramfs, installer]
              http: {address: "127.0.0.1:0"}
              admin: {address: "127.0.0.1:0"}
              tftp: {address: "127.0.0.1:0"}
              """);
      ApplianceConfig config = Configuration.load(file, Map.of(), ApplianceConfig::read).value();
      try (Appliance appliance = Appliance.start(config, FollowListener.NONE)) {
        await(appliance);
        RawClient.get(appliance.bootAddress(), "/ipxe?mac=" + MAC + "&arch=amd64"); // is seen
        assertEquals(
            List.of(
                new Finding(
                    Finding.Verdict.WARN,
                    "node " + MAC,
                    "the machine config installs from ghcr.io/siderolabs/installer:v1.13.9, which"
                        + " has not gvisor 20250505.0 that the node netboots with; set"
                        + " machine.install.image to HOST/installer/compute:v1.13.9 of this server",
                    "")),
            ofNode(config, appliance));
        installsFrom("boot.example:8080/installer/compute:v1.13.9");
        assertEquals(List.of(), ofNode(config, appliance));
      }
    }
  }

  private static void await(Appliance appliance) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (appliance.releases().head("compute").isEmpty()) {
      assertTrue(System.nanoTime() < end, "no release within a minute");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
