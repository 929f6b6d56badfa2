package dev.moonboot.assets.store;

import java.time.Duration;

/**
 * How files are read to find out whether they are still what they were.
 *
 * @param bytesPerSecond at most, so that nodes do not wait for the disk
 * @param every how long after one pass the next begins; the first begins at start
 */
record ScrubPace(long bytesPerSecond, Duration every) {
  static final ScrubPace DEFAULT = new ScrubPace(20 << 20, Duration.ofDays(7));
}
