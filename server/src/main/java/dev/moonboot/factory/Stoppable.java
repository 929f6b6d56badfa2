package dev.moonboot.factory;

import java.util.HashSet;
import java.util.Set;

/**
 * Work that is interrupted when all is to end. What follows it on the same thread is not: a thread
 * that is interrupted can write no file (ClosedByInterruptException), and what was made would be
 * lost for not being written down.
 */
final class Stoppable implements AutoCloseable {
  private final Set<Thread> working = new HashSet<>();
  private boolean stopped;

  /** What takes long. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws InterruptedException;
  }

  /**
   * Works, and leaves the thread uninterrupted.
   *
   * @throws InterruptedException when all ends, as the work says it
   */
  <T> T run(Work<T> work) throws InterruptedException {
    begin();
    try {
      return work.run();
    } finally {
      end();
    }
  }

  private synchronized void begin() throws InterruptedException {
    if (stopped) {
      throw new InterruptedException("stopped");
    }
    working.add(Thread.currentThread());
  }

  private synchronized void end() {
    working.remove(Thread.currentThread());
    Thread.interrupted(); // only we interrupt it, and nobody does from now on
  }

  /** Whether nothing is to be begun any more. */
  synchronized boolean isStopped() {
    return stopped;
  }

  /** Interrupts what works, and lets nothing begin. */
  @Override
  public synchronized void close() {
    stopped = true;
    working.forEach(Thread::interrupt);
  }
}
