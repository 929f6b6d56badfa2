package dev.moonboot.tftp;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How long an answer is waited for: the client's own {@code timeout} where it asked for one (RFC
 * 2349), else what the round trips measured so far suggest (RFC 6298), from one second at first;
 * doubled for each retry.
 */
final class RetryTimer {
  private static final long FIRST = Duration.ofSeconds(1).toNanos();
  private static final long LEAST = Duration.ofMillis(200).toNanos();
  private static final long MOST = Duration.ofSeconds(8).toNanos();

  private final OptionalInt asked;
  private long smoothed;
  private long variation;
  private long shortest = Long.MAX_VALUE;

  RetryTimer(OptionalInt askedSeconds) {
    this.asked = askedSeconds;
  }

  /** A round trip without a retry in it took that long (Karn's rule). */
  void measured(long nanos) {
    if (shortest == Long.MAX_VALUE) {
      smoothed = nanos;
      variation = nanos / 2;
    } else {
      variation += (Math.abs(smoothed - nanos) - variation) / 4;
      smoothed += (nanos - smoothed) / 8;
    }
    shortest = Math.min(shortest, nanos);
  }

  /** No answer can have come sooner than this after what it answers. */
  long soonestAnswer() {
    return shortest == Long.MAX_VALUE ? 0 : shortest / 2;
  }

  /** Before the client was ever heard: its wishes wait, so that a forged request costs little. */
  static long unheard(int retry) {
    return FIRST << retry;
  }

  /** Nanoseconds to wait after the given retry; 0 is the first sending. */
  long after(int retry) {
    if (asked.isPresent()) {
      return Duration.ofSeconds(asked.getAsInt()).toNanos();
    }
    long base = shortest == Long.MAX_VALUE ? FIRST : Math.max(LEAST, smoothed + 4 * variation);
    return Math.min(MOST, base << retry);
  }
}
