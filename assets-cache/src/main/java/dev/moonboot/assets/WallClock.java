package dev.moonboot.assets;

import java.time.Instant;

/** Whether the time of day can be believed at all. */
public final class WallClock {
  /** No clock that is right says less: {@code project.build.outputTimestamp} of this program. */
  public static final Instant BUILT = Instant.parse("2026-11-20T00:00:00Z");

  private WallClock() {}

  /**
   * True when the clock was not set since power was lost, as on boards without a battery: then
   * nothing may be concluded from dates.
   */
  public static boolean isUnset(Instant now) {
    return now.isBefore(BUILT);
  }
}
