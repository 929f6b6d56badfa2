package dev.moonboot.http;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What one connection is doing and since when: the connection's own thread tells, the watchdog
 * asks.
 */
final class Pulse {
  private enum Phase {
    /** Connected, and has said nothing yet. */
    SILENT,
    /** Between two requests. */
    IDLE,
    /** A request's head has begun. */
    HEAD,
    /** The rest of a request's body is waited for. */
    BODY,
    /** A request is being worked on here: the peer owes nothing. */
    ANSWERING,
    /** An answer is being written. */
    WRITING
  }

  private final HttpLimits limits;
  private final LongSupplier nanoTime;
  private Phase phase = Phase.SILENT;
  private long since;
  private long windowStart;
  private long windowBytes;
  private boolean spoke;
  private long bodySince;
  private boolean body;

  Pulse(HttpLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /** The next request is waited for. */
  synchronized void waiting() {
    enter(spoke ? Phase.IDLE : Phase.SILENT);
  }

  /** The first byte of a request is here. */
  synchronized void headBegun() {
    spoke = true;
    body = false;
    enter(Phase.HEAD);
  }

  /** More of a request's body is waited for: all of it together has as long as a head. */
  synchronized void bodyAwaited() {
    enter(Phase.BODY);
    if (!body) {
      body = true;
      bodySince = since;
    }
    since = bodySince;
  }

  /** The whole head is here. */
  synchronized void answering() {
    enter(Phase.ANSWERING);
  }

  /** From now on the peer must take what is written. */
  synchronized void writing() {
    enter(Phase.WRITING);
    windowStart = since;
    windowBytes = 0;
  }

  /** The peer's side took {@code bytes}. */
  synchronized void wrote(long bytes) {
    since = nanoTime.getAsLong();
    windowBytes += bytes;
  }

  private void enter(Phase next) {
    phase = next;
    since = nanoTime.getAsLong();
  }

  /** Why the connection has to go now, if it has to. */
  synchronized Optional<String> overdue() {
    long now = nanoTime.getAsLong();
    long waited = now - since;
    return switch (phase) {
      case SILENT -> over(waited, limits.firstByte().toNanos(), "said nothing");
      case IDLE -> over(waited, limits.idle().toNanos(), "idle");
      case HEAD -> over(waited, limits.head().toNanos(), "request head incomplete");
      case BODY -> over(waited, limits.head().toNanos(), "request body incomplete");
      case ANSWERING -> Optional.empty();
      case WRITING ->
          over(waited, limits.stall().toNanos(), "reads nothing").or(() -> tooSlow(now));
    };
  }

  private static Optional<String> over(long waited, long limit, String why) {
    return waited > limit ? Optional.of(why) : Optional.empty();
  }

  private Optional<String> tooSlow(long now) {
    long period = limits.ratePeriod().toNanos();
    if (now - windowStart < period) {
      return Optional.empty();
    }
    double least = limits.bytesPerSecond() * (limits.ratePeriod().toMillis() / 1000.0);
    boolean slow = windowBytes < least;
    windowStart = now;
    windowBytes = 0;
    return slow ? Optional.of("reads too slowly") : Optional.empty();
  }
}
