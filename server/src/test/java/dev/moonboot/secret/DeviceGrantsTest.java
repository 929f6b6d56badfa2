package dev.moonboot.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.node.NodeLabels;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DeviceGrantsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final DeviceGrants grants = new DeviceGrants(nanos::get);

  private DeviceGrants.Opened open(int client) {
    return grants.open(
        new Device(
            "10.0." + client / 250 + "." + client % 250,
            NodeLabels.NONE,
            "worker",
            "machine/worker.yaml"));
  }

  @Test
  void i_12_a_thousand_are_held_and_what_is_approved_stays_longest() {
    DeviceGrants.Opened first = open(0);
    grants.decide(first.grant().userCode(), true);
    DeviceGrants.Opened second = open(1);
    for (int i = 2; i < 2000; i++) {
      open(i);
    }
    assertEquals(1000, grants.all().size());
    assertInstanceOf(DeviceGrants.Poll.Bad.class, grants.poll(second.deviceCode(), "10.0.0.1"));
    assertInstanceOf(DeviceGrants.Poll.Token.class, grants.poll(first.deviceCode(), "10.0.0.0"));
  }

  @Test
  void i_12_user_codes_are_eight_letters_that_look_unlike_and_none_is_used_twice() {
    for (int i = 0; i < 500; i++) {
      open(i);
    }
    var codes = grants.all().stream().map(DeviceGrant::userCode).collect(Collectors.toSet());
    assertEquals(500, codes.size());
    for (String code : codes) {
      assertTrue(code.matches("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}"), code);
    }
  }

  @Test
  void a_user_code_is_typed_in_any_case_with_or_without_its_hyphen() {
    String code = open(1).grant().userCode();
    String typed = code.replace("-", "").toLowerCase(java.util.Locale.ROOT);
    assertEquals(DeviceState.APPROVED, grants.decide(typed, true).orElseThrow().state());
  }

  @Test
  void what_is_decided_is_forgotten_after_an_hour() {
    grants.decide(open(1).grant().userCode(), false);
    nanos.addAndGet(Duration.ofMinutes(59).toNanos());
    assertEquals(1, grants.all().size());
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    assertEquals(0, grants.all().size());
  }
}
