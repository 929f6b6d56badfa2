package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Machines boot what a tag in a registry names, chosen by their MAC. */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirmwareBootIT {
  private static final Duration PULL = Duration.ofSeconds(60);

  @TempDir private static Path work;
  private static Site site;
  private static ApplianceProcess appliance;

  @BeforeAll
  static void open() {
    site = Site.open(work);
    site.startRegistry();
    for (Layout layout : Layout.values()) {
      site.push(layout, 1);
    }
    appliance = site.startAppliance();
    for (Layout layout : Layout.values()) {
      site.awaitRelease(appliance, layout, 1, PULL);
    }
  }

  @AfterAll
  static void close() {
    if (site != null) { // open() may have failed
      site.close();
    }
  }

  static Stream<Arguments> machines() {
    return Stream.of(Firmware.values())
        .flatMap(firmware -> Stream.of(Layout.values()).map(each -> Arguments.of(firmware, each)));
  }

  @ParameterizedTest
  @MethodSource("machines")
  @Order(1)
  void a_machine_boots_the_image_that_its_mac_selects(Firmware firmware, Layout layout)
      throws IOException {
    try (var machine = site.machine(firmware, layout, 1)) {
      machine.boots();
    }
  }

  @Test
  @Order(2)
  void a_moved_tag_boots_next_while_a_transfer_that_has_begun_keeps_the_old_bytes()
      throws IOException {
    Path file = work.resolve("old.efi");
    int bytesPerSecond = 2_000_000; // 20 s for the file
    try (var transfer =
        appliance.download("/assets/talos/uki/uki-amd64.efi", file, bytesPerSecond)) {
      appliance.await("the first bytes arrive", PULL, () -> Files.exists(file));
      site.push(Layout.UKI, 2);
      site.awaitRelease(appliance, Layout.UKI, 2, PULL);
      assertTrue(transfer.isAlive(), "the transfer ended before the tag had moved");
      try (var machine = site.machine(Firmware.BIOS, Layout.UKI, 2)) {
        machine.boots();
      }
      assertEquals(0, transfer.exit(PULL));
    }
    assertEquals(-1, Files.mismatch(Fixture.file(Firmware.BIOS, 1, "vmlinuz.efi"), file));
  }

  @Test
  @Order(3)
  void a_pinned_release_boots_and_a_rollback_is_in_force_at_once() throws IOException {
    String profile = BootData.group(Firmware.BIOS, Layout.UKI);
    String script = BootData.scriptPath(Firmware.BIOS, Layout.UKI);
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
    try (var machine = site.machine(Firmware.BIOS, Layout.UKI, release)) {
      machine.boots();
    }
  }

  /** The script that the admin API says the machine would get. */
  private static String explained() {
    String json =
        appliance.admin(
            "explain", "--mac", Firmware.BIOS.mac(Layout.UKI), "--arch", "amd64", "--json");
    return JsonText.parse(json) instanceof Json.Obj explanation
        ? explanation.object("scripts").flatMap(scripts -> scripts.text("/ipxe")).orElse(json)
        : json;
  }
}
