package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Machines boot what a tag in a registry names, chosen by their MAC. The site's DHCP server gives
 * them addresses; all else they hear from the appliance.
 */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirmwareBootIT {
  private static final Duration PULL = Duration.ofMinutes(3);

  @TempDir private static Path work;
  private static Site site;
  private static ApplianceProcess appliance;
  private static Rack<Machine> rack;

  @BeforeAll
  static void open() {
    Requires.that(Lab.isPossible(), "/dev/net/tun cannot be opened, which makes a lab");
    site = Site.open(work, EnumSet.allOf(Layout.class));
    site.startRegistry();
    site.push(1);
    appliance = site.startAppliance();
    site.awaitReleases(appliance, 1, PULL);
    site.startMetadata();
    rack = new Rack<>(List.of(Machine.values()), (machine, card) -> site.machine(machine, 1, card));
  }

  @AfterAll
  static void close() {
    if (rack != null) { // open() may have failed
      rack.close();
    }
    if (site != null) {
      site.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void a_machine_boots_the_image_that_its_group_names(Machine machine) {
    rack.boots(machine);
    var wanted = new BootRecord(machine.seenAs(), "finished", machine.stages());
    assertEquals(List.of(wanted), BootRecord.of(appliance, machine.mac()));
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void a_raspberry_pi_gets_its_firmware_and_a_kernel_that_it_can_start(RaspberryPi board)
      throws IOException {
    RaspberryPi.Loaded loaded = board.boot(site.lab(), Files.createTempDirectory(work, board.id()));
    assertTrue(
        loaded.text("cmdline.txt").contains(" " + BootData.argument(board.id())),
        loaded.text("cmdline.txt"));
    assertEquals(
        -1, Files.mismatch(Fixture.kernel(Arch.ARM64), loaded.file(loaded.kernel())), "the kernel");
    List<String> stages = List.of("dhcp", "program", "script", "kernel", "initramfs");
    List<BootRecord> boots = BootRecord.of(appliance, board.mac());
    assertTrue(boots.stream().anyMatch(boot -> boot.stages().equals(stages)), boots::toString);
  }

  @Test
  @Order(2)
  void every_node_is_listed() {
    String nodes = appliance.adminApi("nodes").toString();
    for (Machine machine : Machine.values()) {
      assertTrue(nodes.contains(machine.mac()), machine.mac() + " is missing in\n" + nodes);
    }
    for (RaspberryPi board : RaspberryPi.values()) {
      assertTrue(nodes.contains(board.mac()), board.mac() + " is missing in\n" + nodes);
    }
  }

  @Test
  @Order(2)
  void the_doctor_finds_nothing_to_mend() {
    String report = appliance.doctor();
    assertTrue(report.lines().anyMatch(line -> line.startsWith("ok")), report);
    List<String> told =
        report
            .lines()
            .filter(line -> line.matches("(warn|fail)\\b.*"))
            .filter(line -> !line.contains("signature policy")) // nothing is signed here
            .toList();
    assertEquals(List.of(), told, report);
  }

  @Test
  @Order(3)
  void a_moved_tag_boots_next_while_a_transfer_that_has_begun_keeps_the_old_bytes()
      throws IOException {
    Path file = work.resolve("old.efi");
    int bytesPerSecond = 700_000; // 22 s for the file
    try (var transfer =
        appliance.download("/assets/talos/uki/uki-amd64.efi", file, bytesPerSecond)) {
      appliance.await("the first bytes arrive", PULL, () -> Files.exists(file));
      site.push(Layout.UKI, 2);
      site.awaitRelease(appliance, Layout.UKI, 2, PULL);
      assertTrue(transfer.isAlive(), "the transfer ended before the tag had moved");
      try (var machine = site.machine(Machine.BIOS_UKI, 2)) {
        machine.boots();
      }
      assertEquals(0, transfer.exit(PULL));
    }
    assertEquals(-1, Files.mismatch(Fixture.file(Arch.AMD64, 1, "vmlinuz.efi"), file));
  }

  @Test
  @Order(4)
  void a_pinned_release_boots_and_a_rollback_is_in_force_at_once() throws IOException {
    String profile = Machine.BIOS_UKI.id();
    String script = Machine.BIOS_UKI.scriptPath();
    String head = appliance.text(script);
    assertEquals(head, explained());

    appliance.admin("pins", "set", profile, "v1.13.1", "--reason", "an end-to-end test");
    String pinned = appliance.text(script);
    assertNotEquals(head, pinned);
    assertEquals(pinned, explained());
    boots(1);

    appliance.admin("pins", "delete", profile);
    assertEquals(head, appliance.text(script));
    boots(2);

    appliance.admin("rollback", profile, "--reason", "an end-to-end test");
    assertEquals(pinned, appliance.text(script));
    assertEquals(pinned, explained());
    boots(1);
  }

  private static void boots(int release) throws IOException {
    try (var machine = site.machine(Machine.BIOS_UKI, release)) {
      machine.boots();
    }
  }

  /** The script that the admin API says the machine would get. */
  private static String explained() {
    String json =
        appliance.admin("explain", "--mac", Machine.BIOS_UKI.mac(), "--arch", "amd64", "--json");
    return JsonText.parse(json) instanceof Json.Obj explanation
        ? explanation.object("scripts").flatMap(scripts -> scripts.text("/ipxe")).orElse(json)
        : json;
  }
}
