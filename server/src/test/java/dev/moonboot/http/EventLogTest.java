package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.journal.RateLimit;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLogTest {
  @Test
  void a_line_is_the_event_and_its_pairs() {
    assertEquals(
        "boot node=52:54:00:12:34:56 arch=arm64 profile=talos",
        EventLog.line("boot", 0, "node", "52:54:00:12:34:56", "arch", "arm64", "profile", "talos"));
  }

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "'', '\"\"'",
    "'a b', '\"a b\"'",
    "'a\"b', '\"a\\\"b\"'",
    "a=b, '\"a=b\"'",
    "'a\\', '\"a\\\\\"'",
    "é, '\"\\u00e9\"'"
  })
  void a_value_that_is_not_plain_is_quoted(String value, String written) {
    assertEquals(written, EventLog.escape(value));
  }

  @Test
  void a_value_can_neither_end_the_line_nor_be_endless() {
    assertEquals(
        "\"a\\u000d\\u000aboot node=evil\\u001b\\u007f\\u2028\"",
        EventLog.escape("a\r\nboot node=evil\33\177\u2028"));
    assertEquals(515, EventLog.escape("x".repeat(10_000)).length());
  }

  @Test
  void m_06_events_beyond_the_rate_are_counted_not_written() {
    AtomicLong clock = new AtomicLong();
    RateLimit limit = new RateLimit(10, 20, clock::get);
    for (int i = 0; i < 20; i++) {
      assertEquals(OptionalLong.of(0), limit.pass());
    }
    for (int i = 0; i < 500; i++) {
      assertEquals(OptionalLong.empty(), limit.pass());
    }
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(150));
    assertEquals(OptionalLong.of(500), limit.pass());
    assertEquals("x suppressed=500", EventLog.line("x", 500));
  }
}
