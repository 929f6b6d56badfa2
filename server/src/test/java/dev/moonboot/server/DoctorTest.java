package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.config.Configuration;
import dev.moonboot.demo.DemoRegistry;
import dev.moonboot.diagnosis.Configured;
import dev.moonboot.diagnosis.Diagnosis;
import dev.moonboot.diagnosis.Finding;
import dev.moonboot.diagnosis.OfferProbe;
import dev.moonboot.diagnosis.Report;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.node.MacAddress;
import dev.moonboot.release.FollowListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  private static final MacAddress NODE = new MacAddress("52:54:00:a1:9c:ae");

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }

  private Path config(String registry) throws IOException {
    write("data/groups/all.json", "{\"id\": \"all\", \"profile\": \"talos\"}");
    write(
        "data/profiles/talos.json",
        """
        {"id": "talos", "boot": {"kernel": "--name vmlinuz /assets/talos/custom/vmlinuz-${buildarch}",
          "initrd": ["/assets/talos/custom/initramfs-amd64.xz"], "args": ["{cmdline}"]}}
        """);
    write("ipxe/undionly.kpxe", "a program");
    return write(
        "moonboot.yaml",
        """
        data: data
        cache: cache
        state: state
        channels: {custom: {image: "%1$s/%2$s:stable", arch: amd64}}
        registry: {plain-http: ["%1$s"]}
        http: {address: "127.0.0.1:0"}
        admin: {address: "127.0.0.1:0"}
        tftp: {address: "127.0.0.1:0"}
        loaders: {folder: ipxe}
        """
            .formatted(registry, DemoRegistry.REPOSITORY));
  }

  private static Optional<Finding> of(List<Finding> findings, String what) {
    return findings.stream().filter(finding -> finding.what().equals(what)).findFirst();
  }

  /** What the doctor says of a running appliance. */
  static Report look(ApplianceConfig config, Appliance appliance) throws InterruptedException {
    OfferProbe nobody = (_, _) -> new OfferProbe.Outcome.Offers(List.of());
    DoctorSubjects parts = new DoctorSubjects(config);
    Configured configured = parts.service();
    Configured running =
        new Configured(
            appliance.bootAddress(),
            false,
            configured.advertised(),
            appliance.adminAddress().orElseThrow(),
            false,
            appliance.tftpAddress().orElseThrow(),
            List.of(),
            false,
            false,
            false,
            configured.folders());
    return new Diagnosis(
            new Diagnosis.Subjects(
                running,
                parts.loaders(),
                List.of(),
                nobody,
                parts.node(NODE, Arch.AMD64, Map.of("mac", NODE.text(), "arch", "amd64")),
                Optional.empty(),
                Duration.ofSeconds(20)),
            Instant.EPOCH)
        .run();
  }

  @Test
  void the_running_service_is_asked_as_nodes_ask_it() throws Exception {
    try (DemoRegistry registry = DemoRegistry.start()) {
      registry.push("stable", "v1.13.5");
      ApplianceConfig config =
          Configuration.load(config(registry.host()), Map.of(), ApplianceConfig::read).value();
      try (Appliance appliance = Appliance.start(config, FollowListener.NONE)) {
        await(appliance);
        Report report = look(config, appliance);
        Finding channel = of(report.findings(), "channel custom").orElseThrow();
        assertEquals(Finding.Verdict.OK, channel.verdict());
        assertTrue(channel.found().startsWith("v1.13.5 sha256:"), channel.found());
        assertEquals(
            Optional.of(Finding.Verdict.OK),
            of(report.findings(), "http /boot.ipxe").map(Finding::verdict));
        for (String served : List.of("tftp undionly.kpxe", "http /boot/undionly.kpxe")) {
          assertEquals(
              Optional.of(new Finding(Finding.Verdict.OK, served, "is served, 9 bytes", "")),
              of(report.findings(), served));
        }
        List<String> steps = report.steps().stream().map(Finding::line).toList();
        assertTrue(steps.contains("ok    group: all"), steps.toString());
        assertTrue(steps.contains("ok    profile: talos"), steps.toString());
        String release = release(steps);
        assertTrue(
            steps.stream()
                .anyMatch(step ->
                    step.matches(
                        "ok +kernel /assets/talos/custom/"
                            + release
                            + "/vmlinuz-x86_64: \\d+ bytes")),
            steps.toString());
        assertTrue(
            steps.stream()
                .anyMatch(step ->
                    step.matches(
                        "ok +initrd /assets/talos/custom/"
                            + release
                            + "/initramfs-amd64.xz: \\d+ bytes")),
            steps.toString());
      }
    }
  }

  private static String release(List<String> steps) {
    return steps.stream()
        .filter(step -> step.startsWith("ok    release: sha256:"))
        .map(step -> step.replaceFirst("ok    release: sha256:([0-9a-f]+).*", "sha256-$1"))
        .findFirst()
        .orElseThrow();
  }

  private static void await(Appliance appliance) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (appliance.releases().head("custom").isEmpty()) {
      assertTrue(System.nanoTime() < end, "no release within a minute");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void without_the_service_files_tell_what_they_can() throws Exception {
    Path config = config("127.0.0.1:1");
    Ran ran = run("doctor", "--config", config.toString(), "--mac", "52-54-00-A1-9C-AE", "--json");
    assertEquals("", ran.err());
    Json.Obj report = (Json.Obj) JsonText.parse(ran.out());
    List<String> steps =
        report.array("steps").orElseThrow().stream()
            .map(step -> (Json.Obj) step)
            .map(step -> step.text("verdict").orElseThrow() + " " + step.text("what").orElseThrow())
            .toList();
    assertEquals(
        List.of(
            "warn dhcp", "warn service", "ok group", "ok profile", "ok channel", "warn release"),
        steps);
  }

  @Test
  void a_configuration_that_cannot_be_used_is_the_first_thing_told() throws Exception {
    Path config = write("moonboot.yaml", "htpt: {}\n");
    Ran ran = run("doctor", "--config", config.toString());
    assertEquals(ExitCode.FAILED, ran.code());
    assertTrue(ran.out().startsWith("fail  configuration: " + config), ran.out());
    assertTrue(ran.out().contains("htpt"), ran.out());
  }

  @Test
  void what_is_no_hardware_address_is_wrong_usage() {
    assertEquals(ExitCode.USAGE, run("doctor", "--mac", "x").code());
    assertEquals(ExitCode.USAGE, run("doctor", "--timeout", "0").code());
    assertEquals(ExitCode.USAGE, run("dhcp-snippet", "dhcpcd").code());
    assertEquals(ExitCode.USAGE, run("dhcp-snippet", "kea", "--address", "example").code());
  }

  @Test
  void a_snippet_is_filled_in_from_the_configuration() throws Exception {
    Path config =
        write("moonboot.yaml", "http: {address: \"0.0.0.0:8099\"}\ndata: d\ncache: c\nstate: s\n");
    Ran ran =
        run("dhcp-snippet", "dnsmasq", "--address", "192.0.2.7", "--config", config.toString());
    assertEquals(ExitCode.OK, ran.code(), ran.err());
    assertTrue(ran.out().contains("http://192.0.2.7:8099/boot.ipxe"), ran.out());
    Ran interfaced = run("dhcp-snippet", "isc", "--interface", "lo");
    assertTrue(
        interfaced.out().startsWith("# moonboot at 127.0.0.1 (the address of lo)."),
        interfaced.out());
  }
}
