package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DhcpConfigTest {
  private final ConfigProblems problems = new ConfigProblems();

  private Optional<DhcpConfig> read(Map<String, String> values) {
    return DhcpConfig.read(ConfigReader.of(values, problems));
  }

  @Test
  void it_is_off_unless_an_interface_is_named() {
    assertEquals(Optional.empty(), read(Map.of()));
    assertEquals(Optional.of(DhcpConfig.on("eth1")), read(Map.of("interfaces", "eth1")));
    assertEquals(Optional.empty(), read(Map.of("interfaces", "eth1", "enabled", "false")));
    assertTrue(problems.all().isEmpty(), () -> problems.all().toString());
  }

  @Test
  void an_interface_named_twice_is_one() {
    DhcpConfig config = read(Map.of("interfaces.0", "eth1", "interfaces.1", "eth1")).orElseThrow();
    assertEquals(List.of("eth1"), config.interfaces());
  }

  @Test
  void d_10_without_interfaces_it_cannot_be_switched_on() {
    assertEquals(Optional.empty(), read(Map.of("enabled", "true")));
    assertTrue(
        problems.all().toString().contains("interfaces: must name at least one"),
        () -> problems.all().toString());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new DhcpConfig(
                List.of(), Mode.BINL, List.of(), true, true, List.of(), 1, 1, Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource({
    "interfaces, eth1/x",
    "interfaces, a-name-of-more-than-15",
    "mode, silent",
    "quirks.0.mac, zz",
    "quirks.0.mac, 52:54:00:00:00:00:00",
    "relay-nets, router.example",
    "rate, 0",
    "burst, 10001",
    "delay, 11s"
  })
  void what_will_not_do_is_told(String key, String value) {
    var _ = read(Map.of(key, value, "quirks.0.mode", "silent"));
    String told = key.replace(".0", "[0]");
    assertTrue(problems.all().toString().contains(told + ":"), () -> problems.all().toString());
  }

  @Test
  void quirks_are_read_in_order_in_any_spelling() {
    DhcpConfig config =
        read(Map.of(
                "interfaces", "eth1",
                "quirks.0.mac", "52-54-00",
                "quirks.0.mode", "direct",
                "quirks.1.mac", "AABBCC",
                "quirks.1.vendor", "PXEClient:Arch:00007",
                "quirks.1.mode", "silent"))
            .orElseThrow();
    assertEquals(
        List.of(
            new Quirk("52:54:00", "", Mode.DIRECT),
            new Quirk("aa:bb:cc", "PXEClient:Arch:00007", Mode.SILENT)),
        config.quirks());
    assertTrue(problems.all().isEmpty(), () -> problems.all().toString());
  }

  @Test
  void a_quirk_for_nobody_is_a_mistake() {
    var _ = read(Map.of("interfaces", "eth1", "quirks.0.mode", "silent"));
    assertTrue(
        problems.all().toString().contains("says nothing of which nodes"),
        () -> problems.all().toString());
  }
}
