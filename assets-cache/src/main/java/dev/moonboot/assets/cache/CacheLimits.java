package dev.moonboot.assets.cache;

import java.util.function.LongSupplier;

/**
 * What a cache allows itself.
 *
 * @param keep releases a channel keeps besides its head; two at least stay
 * @param quota bytes that the cache may take on the disk; {@link #UNLIMITED} for as much as there
 *     is
 * @param reserve bytes that stay free on the disk
 * @param nanoTime a clock that only goes forward ({@link System#nanoTime})
 */
record CacheLimits(int keep, long quota, long reserve, LongSupplier nanoTime) {
  static final long UNLIMITED = Long.MAX_VALUE;
  private static final long RESERVE = 64L << 20;

  static CacheLimits keeping(int keep) {
    return new CacheLimits(keep, UNLIMITED, RESERVE, System::nanoTime);
  }

  CacheLimits withQuota(long bytes) {
    return new CacheLimits(keep, bytes, reserve, nanoTime);
  }

  /** What {@code bytes} may come to on the disk: 5 % more. */
  static long onDisk(long bytes) {
    return bytes + bytes / 20;
  }
}
