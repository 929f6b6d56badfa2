package dev.moonboot.raspberrypi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.boot.BootPlan;
import dev.moonboot.profile.PiBoot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PiPlansTest {
  private final AtomicLong nanos = new AtomicLong();
  private final PiPlans plans = new PiPlans(nanos::get);

  private static PiPlan plan(PiNode node) {
    return new PiPlan(
        node,
        new BootPlan("", "pi", "", List.of(), List.of()),
        PiBoot.DEFAULT,
        PiFirmware.NONE,
        Map.of(),
        "kernel=first.img\nkernel=mine.img\n");
  }

  @Test
  void as_many_nodes_are_remembered_as_that_and_the_latest() {
    for (int i = 0; i < PiPlans.MOST + 10; i++) {
      PiNode node = PiNode.ofSerial("%08x".formatted(i));
      plans.begin("10.0." + i / 256 + "." + i % 256, plan(node), "config.txt");
    }
    assertFalse(plans.current("10.0.0.9", PiNode.ofSerial("00000009"), "vmlinuz").isPresent());
    assertTrue(plans.current("10.0.0.10", PiNode.ofSerial("0000000a"), "vmlinuz").isPresent());
    assertEquals(Optional.empty(), plans.last("10.0.0.9"));
    assertEquals(Optional.of(PiNode.ofSerial("0000000a")), plans.last("10.0.0.10"));
  }

  @Test
  void a_boot_ends_with_the_kernel_that_config_txt_names_last() {
    PiNode node = PiNode.ofSerial("00000001");
    plans.begin("10.0.0.1", plan(node), "config.txt");
    for (String name : List.of("first.img", "config.txt", "mine.img", "mine.img")) {
      assertTrue(plans.current("10.0.0.1", node, name).isPresent(), name);
    }
    assertFalse(plans.current("10.0.0.1", node, "config.txt").isPresent());
  }

  @Test
  void a_refusal_is_news_once_in_a_while() {
    PiNode node = PiNode.ofSerial("00000001");
    assertTrue(plans.isNews("10.0.0.1", node, "no group"));
    assertFalse(plans.isNews("10.0.0.1", node, "no group"));
    assertTrue(plans.isNews("10.0.0.1", node, "another reason"));
    nanos.addAndGet(31_000_000_000L);
    assertTrue(plans.isNews("10.0.0.1", node, "no group"));
  }
}
