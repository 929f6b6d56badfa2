package dev.moonboot.release;

import dev.moonboot.release.ChannelStatus.Alarm;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long ago a registry last said what a tag names, by a clock that only goes forward: who keeps
 * us from hearing of a new release is noticed by that (TUF specification, freeze attack).
 */
final class Freshness {
  private final Duration longest;
  private final LongSupplier nanoTime;
  private volatile long good;

  /**
   * @param longest what is no alarm yet; counted from now on, until the first good look
   * @param nanoTime as {@link System#nanoTime}
   */
  Freshness(Duration longest, LongSupplier nanoTime) {
    this.longest = longest;
    this.nanoTime = nanoTime;
    this.good = nanoTime.getAsLong();
  }

  /** The registry said what the tag names. */
  void good() {
    good = nanoTime.getAsLong();
  }

  /** Raised when that was too long ago. */
  Optional<Alarm> alarm() {
    Duration age = Duration.ofNanos(nanoTime.getAsLong() - good);
    return age.compareTo(longest) < 0
        ? Optional.empty()
        : Optional.of(
            new Alarm(
                ChannelStatus.Kind.STALE_CHECK,
                "for %d h the registry has not said what the tag names (follow.stale-after is %d h)"
                    .formatted(age.toHours(), longest.toHours())));
  }
}
