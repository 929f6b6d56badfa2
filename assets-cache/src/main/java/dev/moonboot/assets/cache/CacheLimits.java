package dev.moonboot.assets.cache;

import java.util.function.LongSupplier;

/**
 * What a cache allows itself.
 *
 * @param keep releases a channel keeps besides its head
 * @param reserve bytes that stay free on the disk
 * @param nanoTime a clock that only goes forward ({@link System#nanoTime})
 */
record CacheLimits(int keep, long reserve, LongSupplier nanoTime) {
  private static final long RESERVE = 64L << 20;

  static CacheLimits keeping(int keep) {
    return new CacheLimits(keep, RESERVE, System::nanoTime);
  }

  /** How much must be free before {@code bytes} are written: them, 5 % more, and the reserve. */
  long roomFor(long bytes) {
    return bytes + bytes / 20 + reserve;
  }
}
