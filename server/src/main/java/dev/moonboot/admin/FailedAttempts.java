package dev.moonboot.admin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts wrong tokens by address, for a minute each. Remembers so many addresses, not more. */
final class FailedAttempts {
  /** As many as that in a minute are answered like the first. */
  static final int MOST = 10;

  static final int ADDRESSES = 4096;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /**
   * What a failed attempt comes to.
   *
   * @param count how many there were in this minute, this one included
   * @param left of this minute
   */
  record Count(int count, Duration left) {
    boolean isTooMany() {
      return count > MOST;
    }

    /** True for those that are told of; the others only repeat it. */
    boolean isNews() {
      return count <= MOST + 1;
    }
  }

  private record Window(long began, int count) {}

  private final LongSupplier nanoTime;
  private final Map<String, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > ADDRESSES;
        }
      };

  FailedAttempts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized Count failed(String address) {
    long now = nanoTime.getAsLong();
    Window window = windows.get(address);
    Window next =
        window == null || now - window.began() >= WINDOW.toNanos()
            ? new Window(now, 1)
            : new Window(window.began(), window.count() + 1);
    windows.put(address, next);
    return new Count(next.count(), WINDOW.minusNanos(now - next.began()));
  }

  synchronized int addresses() {
    return windows.size();
  }
}
