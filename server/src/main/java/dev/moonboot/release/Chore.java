package dev.moonboot.release;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A work that is done again and again on a virtual thread of its own, until closed. */
final class Chore implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Chore.class.getName());
  private static final Duration AFTER_FAULT = Duration.ofMinutes(1);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final String name;
  private final Supplier<Duration> work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;
  private boolean wanted;
  private volatile @Nullable Thread thread;

  /**
   * @param work says for how long to pause then
   */
  Chore(String name, Supplier<Duration> work) {
    this.name = name;
    this.work = work;
  }

  void start() {
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  private void run() {
    try {
      Duration pause = Duration.ZERO;
      while (awaitTurn(pause)) {
        pause = workSafely();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0} stopped", name);
    }
  }

  private Duration workSafely() {
    try {
      return work.get();
    } catch (RuntimeException e) { // the edge of this thread: the work must go on
      LOG.log(isClosed() ? Level.DEBUG : Level.ERROR, name + " result=fault", e);
      return AFTER_FAULT;
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** False when it is not to be done again. */
  private boolean awaitTurn(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!closed && !wanted && left > 0) {
        left = changed.awaitNanos(left);
      }
      wanted = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Has the work done soon, once more. */
  void wake() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isRunning() {
    Thread running = thread;
    return running != null && running.isAlive();
  }

  /** Ends it, a running work included, and waits for that, {@code 10 s} at most. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      try {
        if (!running.join(STOP)) {
          LOG.log(Level.ERROR, "{0} does not stop", name);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
