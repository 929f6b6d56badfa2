package dev.moonboot.tftp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one address is answered: 100 times a second, and 500 times at once after a rest.
 * Generous, because a loader may ask for hundreds of names in one go; it is there for sources that
 * never stop. For one thread.
 */
final class SourceRates {
  private static final int MOST_SOURCES = 4096;
  private static final long COST = Duration.ofSeconds(1).toNanos() / 100;
  private static final long BURST = 500 * COST;

  /** The time up to which a source has used up its answers; the least recently seen goes first. */
  private final Map<InetAddress, Long> usedUpTo =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
          return size() > MOST_SOURCES;
        }
      };

  /** Whether {@code source} may be answered once more at {@code now} (nanoseconds); counts it. */
  boolean take(InetAddress source, long now) {
    long rested = now - BURST;
    long used = usedUpTo.getOrDefault(source, rested);
    long next = (used - rested < 0 ? rested : used) + COST;
    if (next - now > 0) {
      return false;
    }
    usedUpTo.put(source, next);
    return true;
  }
}
