package dev.moonboot.tftp;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How long an answer is waited for: one second at first, then what the round trips measured so far
 * suggest (RFC 6298, with a least of 20 ms instead of a second), four times as long after each
 * retry. Never longer than the client's own {@code timeout} where it asked for one (RFC 2349), nor
 * than 8 seconds.
 *
 * <p>It grows fourfold because it begins so low: few retries, and still 20 seconds of patience.
 */
final class RetryTimer {
  private static final long FIRST = Duration.ofSeconds(1).toNanos();
  private static final long LEAST = Duration.ofMillis(20).toNanos();
  private static final long MOST = Duration.ofSeconds(8).toNanos();

  private final long most;
  private long smoothed;
  private long variation;
  private long shortest = Long.MAX_VALUE;
  private int retries;

  /** What a client that may have asked for a timeout is waited for. */
  RetryTimer(OptionalInt askedSeconds) {
    this.most =
        askedSeconds.isPresent()
            ? Math.min(MOST, Duration.ofSeconds(askedSeconds.getAsInt()).toNanos())
            : MOST;
  }

  /** A round trip took that long, without doubt which sending it answers (Karn's rule). */
  void measured(long nanos) {
    if (shortest == Long.MAX_VALUE) {
      smoothed = nanos;
      variation = nanos / 2;
    } else {
      variation += (Math.abs(smoothed - nanos) - variation) / 4;
      smoothed += (nanos - smoothed) / 8;
    }
    shortest = Math.min(shortest, nanos);
    retries = 0;
  }

  /** No answer came in time; the next waits longer until a round trip is measured again. */
  void expired() {
    retries++;
  }

  /** An answer came that measures nothing: all that is known is that the client is there. */
  void answered() {
    retries = Math.min(retries, 1);
  }

  /** No answer can have come sooner than this after what it answers. */
  long soonestAnswer() {
    return shortest == Long.MAX_VALUE ? 0 : shortest * 3 / 4;
  }

  /** The shortest round trip; very long before the first. */
  long shortest() {
    return shortest;
  }

  /** Before the client was ever heard: its wishes wait, so that a forged request costs little. */
  static long unheard(int retry) {
    return FIRST << retry;
  }

  /** Nanoseconds within which an answer is usual. */
  long usual() {
    return shortest == Long.MAX_VALUE
        ? Math.min(FIRST, most)
        : Math.clamp(smoothed + Math.max(smoothed / 2, 4 * variation), LEAST, most);
  }

  /** Nanoseconds to wait now. */
  long patience() {
    return Math.min(most, usual() << (2 * Math.min(retries, 8)));
  }
}
