package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.node.MacAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RatesTest {
  private static final MacAddress KNOWN = new MacAddress("52:54:00:00:00:01");

  private long now = 1;
  private final Rates rates = new Rates(50, 100, () -> now);

  @Test
  void a_node_is_answered_three_times_a_second() {
    int answered = 0;
    for (int i = 0; i < 1000; i++) {
      answered += rates.take(KNOWN, true).isEmpty() ? 1 : 0;
      now += Duration.ofMillis(10).toNanos();
    }
    assertEquals(3 + 30, answered, 1);
    var _ = rates.take(KNOWN, true);
    assertEquals(Optional.of(Silence.NODE_RATE), rates.take(KNOWN, true));
    now += Duration.ofSeconds(1).toNanos();
    assertEquals(Optional.empty(), rates.take(KNOWN, true));
  }

  /** Ten thousand made-up nodes a second for ten seconds. */
  @Test
  void d_06_a_flood_gets_few_answers_and_known_nodes_get_theirs() {
    Random random = new Random(6);
    int strangers = 0;
    int known = 0;
    for (int i = 0; i < 100_000; i++) {
      MacAddress made =
          new MacAddress(
              "02:00:%02x:%02x:%02x:%02x"
                  .formatted(
                      random.nextInt(256),
                      random.nextInt(256),
                      random.nextInt(256),
                      random.nextInt(256)));
      strangers += rates.take(made, false).isEmpty() ? 1 : 0;
      if (i % 10_000 == 9_999) { // a node whose DISCOVER came a second after the one before
        known += rates.take(KNOWN, true).isEmpty() ? 1 : 0;
      }
      assertTrue(rates.nodes() <= Rates.MOST_NODES);
      now += Duration.ofMillis(100).toNanos() / 1000;
    }
    assertEquals(10, known);
    assertEquals(100 + 500, strangers, 10);
  }

  @Test
  void d_06_not_more_nodes_are_kept_count_of_than_there_is_room_for() {
    Rates generous = new Rates(1_000_000, 1_000_000, () -> now);
    for (int i = 0; i < 10_000; i++) {
      var _ =
          generous.take(new MacAddress("02:00:00:00:%02x:%02x".formatted(i >> 8, i & 255)), false);
    }
    assertEquals(Rates.MOST_NODES, generous.nodes());
  }
}
