package dev.moonboot.assets.store;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Slows a reader down to so many bytes a second. Used by one thread. */
final class Throttle {
  private static final long LONGEST_PARK = 100_000_000; // so that it yields soon

  private final long bytesPerSecond;
  private final BooleanSupplier wanted;
  private final long start = System.nanoTime();
  private long bytes;

  /** The reader is to make room for another. */
  static final class Yielded extends InterruptedIOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * @param wanted whether somebody else wants to read instead
   */
  Throttle(long bytesPerSecond, BooleanSupplier wanted) {
    this.bytesPerSecond = bytesPerSecond;
    this.wanted = wanted;
  }

  static Throttle none() {
    return new Throttle(Long.MAX_VALUE, () -> false);
  }

  /**
   * Waits until so many bytes more may have been read.
   *
   * @throws Yielded when somebody else wants to read instead
   * @throws InterruptedIOException when the thread is interrupted
   */
  void took(int more) throws InterruptedIOException {
    bytes += more;
    long due = start + (long) (bytes * 1e9 / bytesPerSecond);
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while reading slowly");
      }
      if (wanted.getAsBoolean()) {
        throw new Yielded();
      }
      long left = due - System.nanoTime();
      if (left <= 0) {
        return;
      }
      LockSupport.parkNanos(Math.min(left, LONGEST_PARK));
    }
  }
}
