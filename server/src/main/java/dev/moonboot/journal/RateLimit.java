package dev.moonboot.journal;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** So many a second, with a burst; counts what it held back. */
public final class RateLimit {
  private final double perNano;
  private final int burst;
  private final LongSupplier nanoTime;
  private double tokens;
  private long last;
  private long held;

  /**
   * @param burst how many may pass at once after a quiet time
   */
  public RateLimit(int perSecond, int burst, LongSupplier nanoTime) {
    this.perNano = perSecond / 1e9;
    this.burst = burst;
    this.nanoTime = nanoTime;
    this.tokens = burst;
    this.last = nanoTime.getAsLong();
  }

  /** How many were held back since the last one that passed, if this one passes. */
  public synchronized OptionalLong pass() {
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

  /** How many were held back since the last one that passed; they count as told from now on. */
  public synchronized long drain() {
    long suppressed = held;
    held = 0;
    return suppressed;
  }
}
