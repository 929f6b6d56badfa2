package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The registry is away when the appliance starts: first with an empty cache, then with a full one.
 */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegistryOutageIT {
  private static final String ASSET = "/assets/talos/plain/vmlinuz-amd64";

  /** Three seconds of two processors. */
  private static final Duration MOST_CPU = Duration.ofSeconds(3).multipliedBy(2);

  @TempDir private static Path work;
  private static Site site;

  @BeforeAll
  static void open() {
    site = Site.open(work, EnumSet.of(Layout.PLAIN, Layout.UKI));
    site.startRegistry();
    site.push(1);
    site.stopRegistry();
  }

  @AfterAll
  static void close() {
    if (site != null) { // open() may have failed
      site.close();
    }
  }

  @Test
  @Order(1)
  void b_02_with_an_empty_cache_ipxe_waits_and_boots_once_the_registry_is_back()
      throws IOException {
    ApplianceProcess appliance = site.startAppliance();
    appliance.await("503", Duration.ofSeconds(10), () -> appliance.status(ASSET) == 503);
    try (var machine = site.machine(Machine.BIOS_PLAIN, 1)) {
      appliance.await(
          "iPXE is told to come back",
          Duration.ofSeconds(30),
          () -> machine.received("Retry-After"));
      site.startRegistry();
      machine.boots();
    }
    site.awaitRelease(appliance, Layout.UKI, 1, Duration.ofSeconds(60));
  }

  /**
   * Held in processor time, because other tests may have the processors meanwhile; the wait for the
   * asset is too short for anything that waits for a registry. docs/benchmarks.md has the seconds.
   */
  @Test
  @Order(2)
  void b_01_with_a_full_cache_it_serves_within_3_s_of_its_start() {
    site.stopRegistry();
    site.stopAppliance();
    ApplianceProcess appliance = site.startAppliance();
    appliance.await("an asset", Duration.ofSeconds(20), () -> appliance.status(ASSET) == 200);
    assertEquals(200, appliance.status(Machine.BIOS_UKI.scriptPath()));
    Duration cpu = appliance.cpu();
    assertTrue(cpu.compareTo(MOST_CPU) < 0, "it took " + cpu);
    System.out.println("b_01 processor time until it served: " + cpu.toMillis() + " ms");
  }
}
