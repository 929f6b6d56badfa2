package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PulseTest {
  private static final Optional<String> WELL = Optional.empty();

  private final AtomicLong clock = new AtomicLong();
  private final Pulse pulse = new Pulse(HttpLimits.DEFAULT, clock::get);

  private Optional<String> after(int seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    return pulse.overdue();
  }

  @Test
  void a_new_connection_may_be_silent_for_5_seconds() {
    pulse.waiting();
    assertEquals(WELL, after(5));
    assertEquals(Optional.of("said nothing"), after(1));
  }

  @Test
  void a_head_has_10_seconds_from_its_first_byte_whatever_drips_in() {
    pulse.waiting();
    after(4);
    pulse.headBegun();
    assertEquals(WELL, after(10));
    assertEquals(Optional.of("request head incomplete"), after(1));
  }

  @Test
  void between_two_requests_there_may_be_30_seconds() {
    pulse.headBegun();
    pulse.answering();
    pulse.waiting();
    assertEquals(WELL, after(30));
    assertEquals(Optional.of("idle"), after(1));
  }

  @Test
  void while_we_work_the_peer_owes_nothing() {
    pulse.headBegun();
    pulse.answering();
    assertEquals(WELL, after(100_000));
  }

  @Test
  void an_answer_may_stall_for_30_seconds() {
    pulse.writing();
    for (int i = 0; i < 10; i++) {
      pulse.wrote(1_000_000);
      assertEquals(WELL, after(30));
    }
    assertEquals(Optional.of("reads nothing"), after(1));
  }

  @Test
  void a_long_answer_needs_4_kib_a_second_over_each_minute() {
    pulse.writing();
    for (int i = 0; i < 60; i++) {
      pulse.wrote(4096);
      assertEquals(WELL, after(1));
    }
    for (int i = 0; i < 59; i++) {
      pulse.wrote(4095);
      assertEquals(WELL, after(1));
    }
    pulse.wrote(4095);
    assertEquals(Optional.of("reads too slowly"), after(1));
  }

  @Test
  void there_is_no_limit_on_the_whole_time() {
    pulse.writing();
    for (int i = 0; i < 100_000; i++) {
      pulse.wrote(200_000);
      assertEquals(WELL, after(1));
    }
  }
}
