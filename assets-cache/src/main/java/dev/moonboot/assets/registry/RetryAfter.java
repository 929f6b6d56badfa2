package dev.moonboot.assets.registry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The Retry-After header (RFC 9110, 10.2.3). */
final class RetryAfter {
  /** The longest wait that is believed. */
  static final Duration MOST = Duration.ofMinutes(15);

  private RetryAfter() {}

  /**
   * How long to wait, at most 15 minutes; null when the header does not say it in a way that can be
   * followed.
   *
   * @param value seconds or a date
   * @param date the answer's own Date header, since the registry's clock and ours may differ
   */
  static @Nullable Duration read(@Nullable String value, @Nullable String date) {
    if (value == null) {
      return null;
    }
    String text = value.strip();
    if (text.matches("\\d{1,18}")) {
      return atMost(Duration.ofSeconds(Long.parseLong(text)));
    }
    Instant until = instant(text);
    if (until == null) {
      return null;
    }
    Instant now = date == null ? null : instant(date);
    Duration wait = Duration.between(now == null ? Instant.now() : now, until);
    return wait.isNegative() ? Duration.ZERO : atMost(wait);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Duration atMost(Duration wait) {
    return wait.compareTo(MOST) > 0 ? MOST : wait;
  }
}
