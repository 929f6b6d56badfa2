package dev.moonboot.admin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets nobody guess user codes (RFC 8628, 5.1): after so many wrong ones in a minute a caller has
 * to wait for its end, even with a right one. Callers are those of the file of tokens, so they are
 * few.
 */
final class WrongCodes {
  static final int MOST = 5;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private record Window(long began, int count) {}

  private final LongSupplier nanoTime;
  private final Map<String, Window> windows = new HashMap<>();

  WrongCodes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Takes a try, which counts until it is given back; or tells how long to wait for one. */
  synchronized Optional<Duration> take(String caller) {
    long now = nanoTime.getAsLong();
    Window window = windows.getOrDefault(caller, new Window(now, 0));
    Duration left = WINDOW.minusNanos(now - window.began());
    if (!left.isPositive()) {
      window = new Window(now, 0);
    } else if (window.count() >= MOST) {
      return Optional.of(left);
    }
    windows.put(caller, new Window(window.began(), window.count() + 1));
    return Optional.empty();
  }

  /** The code was right. */
  synchronized void giveBack(String caller) {
    windows.computeIfPresent(
        caller, (_, window) -> new Window(window.began(), Math.max(0, window.count() - 1)));
  }
}
