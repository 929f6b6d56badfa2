package dev.moonboot.tftp;

import java.time.Duration;

/**
 * In how many parts a window goes out. A wide window is a burst that a small buffer on the way, or
 * in the client, may not take whole; so once a block of one was lost, the next go out four blocks
 * at a time, until a number of them arrived. Only where round trips are so short that it is the
 * burst that fills the way: elsewhere a pause between blocks changes little and costs time.
 */
final class Spurts {
  /** Nanoseconds from one part to the next: about as fast as 100 Mbit/s Ethernet takes them. */
  static final long PAUSE = Duration.ofNanos(500_000).toNanos();

  private static final long SHORT_ROUND_TRIP = Duration.ofMillis(1).toNanos();
  private static final int WIDE = 8;
  private static final int BLOCKS = 4;
  private static final int WINDOWS = 64;

  private final boolean wide;
  private int windowsLeft;

  Spurts(int windowSize) {
    this.wide = windowSize > WIDE;
  }

  /** A block was lost where the shortest round trip was that long, in nanoseconds. */
  void lost(long roundTrip) {
    if (wide && roundTrip < SHORT_ROUND_TRIP) {
      windowsLeft = WINDOWS;
    }
  }

  /** A window arrived whole. */
  void arrived() {
    windowsLeft = Math.max(0, windowsLeft - 1);
  }

  /** How far to send now what comes behind block {@code from} and ends with {@code last}. */
  long end(long from, long last) {
    return windowsLeft == 0 ? last : Math.min(from + BLOCKS, last);
  }
}
