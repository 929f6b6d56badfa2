package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something to become so. */
final class Await {
  private Await() {}

  /** Fails when {@code actual} does not become {@code expected} within ten seconds. */
  static <T> void equal(T expected, Supplier<T> actual) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < end && !expected.equals(actual.get())) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertEquals(expected, actual.get());
  }
}
