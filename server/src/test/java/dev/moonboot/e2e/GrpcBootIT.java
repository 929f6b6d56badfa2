package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.moonboot.rpc.pb.Group;
import dev.moonboot.rpc.pb.NetBoot;
import dev.moonboot.rpc.pb.Profile;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put over matchbox's gRPC API boots the next machine, which then asks for its config. */
@Tag("e2e")
class GrpcBootIT {
  private static final String MAC = "52:54:00:e2:e1:0a";
  private static final String METADATA =
      """
      {"name": "node-10", "disk": "/dev/vda", "place": {"rack": 7}, "roles": ["control", "worker"]}
      """;
  private static final String TEMPLATE =
      """
      # {{.name}}, rack {{.place.rack}}
      machine:
        install: {disk: "{{.disk}}"}
        mac: {{.request.query.mac}}

        site: {{.request.query.site}}{{range $i, $role := .roles}}
        role{{$i}}: {{printf "%q" $role}}{{end}}
      asked: {{.request.raw_query}}
      """;
  private static final String CONFIG =
      """
      # node-10, rack 7
      machine:
        install: {disk: "/dev/vda"}
        mac: 52:54:00:e2:e1:0a

        site: lab
        role0: "control"
        role1: "worker"
      asked: mac=52-54-00-e2-e1-0a&site=lab
      """;

  @TempDir private Path work;

  @Test
  void a_machine_boots_and_prints_what_a_grpc_client_has_just_put() throws IOException {
    Requires.program("openssl");
    MatchboxClient.makeCertificates(work);
    try (Site site = Site.onLoopback(work, EnumSet.of(Layout.PLAIN))) {
      site.startRegistry();
      site.push(Layout.PLAIN, 1);
      int port = site.network().ports().grpc();
      ApplianceProcess appliance = site.startAppliance(grpc(port));
      site.awaitRelease(appliance, Layout.PLAIN, 1, Duration.ofSeconds(60));
      String path = "/generic?mac=52-54-00-e2-e1-0a&site=lab";
      assertEquals("", appliance.text(path), "nothing is known of it yet");

      try (var client = new MatchboxClient(port, work)) {
        client.put(profile(site.network().bootUrl()));
        client.putGeneric("node.yaml", TEMPLATE);
        client.put(group());
      }

      assertEquals(CONFIG, appliance.text(path));
      try (var machine =
          site.machine(Machine.BIOS_PLAIN, MAC, List.of("E2E-CMDLINE .* grpc.profile=node( |$)"))) {
        machine.boots();
        assertEquals(CONFIG.lines().toList(), machine.said("E2E-CONFIG |"));
        assertEquals(
            List.of(Fixture.sha256(CONFIG)), machine.said("E2E-CONFIG-SHA256 "), "every byte");
      }
    }
  }

  private String grpc(int port) {
    return """
    grpc:
      address: "127.0.0.1:%d"
      certificate: %2$s/server.crt
      key: %2$s/server.key
      client-ca: %2$s/ca.crt
    """
        .formatted(port, work);
  }

  private static Profile profile(String bootUrl) {
    return Profile.newBuilder()
        .setId("grpc-node")
        .setGenericId("node.yaml")
        .setBoot(
            NetBoot.newBuilder()
                .setKernel("/assets/talos/plain/vmlinuz-amd64")
                .addInitrd("--name initramfs.xz /assets/talos/plain/initramfs-amd64.xz")
                .addAllArgs(
                    List.of(
                        "initrd=initramfs.xz",
                        "console=ttyS0",
                        "no_timer_check",
                        "talos.config=" + bootUrl + "/generic?mac=${mac:hexhyp}&site=lab",
                        "grpc.profile=node")))
        .build();
  }

  private static Group group() {
    return Group.newBuilder()
        .setId("grpc-group")
        .setProfile("grpc-node")
        .putSelector("mac", MAC)
        .setMetadata(ByteString.copyFromUtf8(METADATA))
        .build();
  }
}
