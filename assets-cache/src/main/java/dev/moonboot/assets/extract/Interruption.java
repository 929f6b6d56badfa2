package dev.moonboot.assets.extract;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;

/** Ends long work of a thread that was interrupted; asked wherever many bytes pass. */
final class Interruption {
  private Interruption() {}

  /**
   * Does nothing as long as this thread is not interrupted.
   *
   * @throws UncheckedIOException (of an {@link InterruptedIOException}) when it is, and it stays so
   */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new UncheckedIOException(new InterruptedIOException("interrupted"));
    }
  }
}
