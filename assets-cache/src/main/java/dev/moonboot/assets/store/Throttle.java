package dev.moonboot.assets.store;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;

/** Slows a reader down to so many bytes a second. Used by one thread. */
final class Throttle {
  private final long bytesPerSecond;
  private final long start = System.nanoTime();
  private long bytes;

  Throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits until so many bytes more may have been read. */
  void took(int more) throws InterruptedIOException {
    bytes += more;
    long due = start + (long) (bytes * 1e9 / bytesPerSecond);
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while reading slowly");
      }
    }
  }
}
