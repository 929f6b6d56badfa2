package dev.moonboot.assets.cache;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a thread when the process is asked to end (SIGINT, SIGTERM), and has the process wait
 * until this is closed, so that the thread can clean up.
 */
final class StopHook implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Thread worker;
  private final Thread hook = new Thread(this::stop, "stop-build");
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean asked; // guarded by this
  private boolean shielded; // guarded by this

  private StopHook(Thread worker) {
    this.worker = worker;
  }

  /** For the thread that calls this. */
  static StopHook here() {
    StopHook made = new StopHook(Thread.currentThread());
    try {
      Runtime.getRuntime().addShutdownHook(made.hook);
    } catch (IllegalStateException e) { // it ends already
      Thread.currentThread().interrupt();
    }
    return made;
  }

  /** What is done whole or not at all. */
  @FunctionalInterface
  interface Work<T> {
    T get() throws IOException;
  }

  /**
   * Does what is short, and must not be interrupted in the middle.
   *
   * @throws InterruptedIOException when the process is to end already: then nothing of it is done
   */
  <T> T shielded(Work<T> work) throws IOException {
    shield();
    try {
      return work.get();
    } finally {
      unshield();
    }
  }

  private synchronized void shield() throws InterruptedIOException {
    if (asked) {
      throw new InterruptedIOException("interrupted");
    }
    shielded = true;
  }

  private synchronized void unshield() {
    shielded = false;
    if (asked) {
      worker.interrupt();
    }
  }

  private void stop() {
    synchronized (this) {
      asked = true;
      if (!shielded) {
        worker.interrupt();
      }
    }
    try {
      closed.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending, and this was what it waited for
    }
  }
}
