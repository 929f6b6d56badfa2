package dev.moonboot.http;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** So many a second, with a burst; counts what it held back. */
final class RateLimit {
  private final double perNano;
  private final int burst;
  private final LongSupplier nanoTime;
  private double tokens;
  private long last;
  private long held;

  RateLimit(int perSecond, int burst, LongSupplier nanoTime) {
    this.perNano = perSecond / 1e9;
    this.burst = burst;
    this.nanoTime = nanoTime;
    this.tokens = burst;
    this.last = nanoTime.getAsLong();
  }

  /** How many were held back since the last one that passed, if this one passes. */
  synchronized OptionalLong pass() {
    long now = nanoTime.getAsLong();
    tokens = Math.min(burst, tokens + (now - last) * perNano);
    last = now;
    if (tokens < 1) {
      held++;
      return OptionalLong.empty();
    }
    tokens--;
    long suppressed = held;
    held = 0;
    return OptionalLong.of(suppressed);
  }
}
