package dev.moonboot.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.secret.Tickets.Right;
import dev.moonboot.secret.Tickets.Use;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TicketsTest {
  private static final Right RIGHT =
      new Right("10.0.0.7", "worker", "machine/worker.yaml", "aa:bb:cc:dd:ee:01");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // which runs over
  private final Tickets tickets = new Tickets(nanos::get, 100, 10);

  private String why(String ticket, String client) {
    return assertInstanceOf(Use.Bad.class, tickets.use(ticket, client, null, true)).why();
  }

  @Test
  void i_11_a_ticket_is_good_five_times_and_a_look_counts_none() {
    Tickets.Issued issued = tickets.issue(RIGHT);
    assertEquals(Tickets.LENGTH, issued.text().length());
    for (int left = 4; left >= 0; left--) {
      assertEquals(
          new Use.Good(RIGHT, issued.mark(), left + 1),
          tickets.use(issued.text(), "10.0.0.7", null, false));
      assertEquals(
          new Use.Good(RIGHT, issued.mark(), left),
          tickets.use(issued.text(), "10.0.0.7", null, true));
    }
    assertEquals("used up", why(issued.text(), "10.0.0.7"));
  }

  @Test
  void i_11_a_ticket_is_good_for_ten_minutes() {
    String ticket = tickets.issue(RIGHT).text();
    nanos.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
    assertInstanceOf(Use.Good.class, tickets.use(ticket, "10.0.0.7", null, true));
    nanos.addAndGet(1);
    assertEquals("expired", why(ticket, "10.0.0.7"));
  }

  @Test
  void i_11_a_ticket_is_good_for_one_address_and_another_one_does_not_use_it_up() {
    String ticket = tickets.issue(RIGHT).text();
    for (int i = 0; i < 9; i++) {
      assertEquals("issued to another address", why(ticket, "10.0.0.8"));
    }
    assertInstanceOf(Use.Good.class, tickets.use(ticket, "10.0.0.7", null, true));
  }

  @Test
  void i_11_a_guessed_ticket_is_never_good() {
    tickets.issue(RIGHT);
    assertEquals("never issued, or long ago", why("A".repeat(Tickets.LENGTH), "10.0.0.7"));
    assertEquals("not a ticket", why("../machine/worker.yaml", "10.0.0.7"));
    assertEquals("not a ticket", why("", "10.0.0.7"));
    assertEquals("not a ticket", why("A".repeat(100_000), "10.0.0.7"));
  }

  @Test
  void no_two_are_the_same() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertTrue(all.add(tickets.issue(RIGHT).text()));
    }
  }

  @Test
  void the_oldest_go_first_and_nobody_pushes_out_the_others() {
    String others = tickets.issue(new Right("10.0.0.9", "worker", "m", "")).text();
    String first = tickets.issue(RIGHT).text();
    for (int i = 0; i < 10; i++) {
      tickets.issue(RIGHT);
    }
    assertEquals(11, tickets.count());
    assertEquals("never issued, or long ago", why(first, "10.0.0.7"));
    assertInstanceOf(Use.Good.class, tickets.use(others, "10.0.0.9", null, true));
    for (int i = 0; i < 500; i++) {
      tickets.issue(new Right("10.1.0." + i, "worker", "m", ""));
    }
    assertEquals(100, tickets.count());
  }
}
