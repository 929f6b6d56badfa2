package dev.moonboot.assets.cache;

import dev.moonboot.assets.Release;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches damaged releases again by their digests, on a thread of its own: at once, and where that
 * fails again and again, less and less often.
 */
final class Healing implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Healing.class.getName());
  static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Supplier<List<Release>> damaged;
  private final Predicate<Release> fetch;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Thread thread;
  private boolean news;
  private boolean closed;

  /**
   * @param damaged what is to be healed now
   * @param fetch brings one here, and says whether that went well
   */
  Healing(Supplier<List<Release>> damaged, Predicate<Release> fetch) {
    this.damaged = damaged;
    this.fetch = fetch;
  }

  /** There may be something new to heal. Returns at once. */
  void wake() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      news = true;
      changed.signalAll();
      if (thread == null && !damaged.get().isEmpty()) {
        thread = Thread.ofVirtual().name("cache-healing").start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      Duration pause = FIRST_PAUSE;
      while (awaitNews(damaged.get().isEmpty() ? null : pause)) {
        pause = heal() ? FIRST_PAUSE : twice(pause);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "cache healing=stopped");
    }
  }

  private static Duration twice(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  /**
   * @param atMost null for as long as it takes
   * @return false when this was closed
   */
  private boolean awaitNews(@Nullable Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost == null ? Long.MAX_VALUE : atMost.toNanos();
      while (!closed && !news && left > 0) {
        left = changed.awaitNanos(left);
      }
      news = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** False when something is still to be healed. */
  private boolean heal() throws InterruptedException {
    boolean all = true;
    for (Release release : damaged.get()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      boolean healed = healed(release);
      if (!healed && Thread.interrupted()) { // it was broken off, and did not fail
        throw new InterruptedException();
      }
      LOG.log(
          healed ? Level.INFO : Level.WARNING,
          "cache release={0} state=damaged healed={1}",
          release.digest(),
          healed);
      all &= healed;
    }
    return all;
  }

  private boolean healed(Release release) {
    try {
      return fetch.test(release);
    } catch (RuntimeException e) { // the edge of this thread: the others must be healed
      if (!Thread.currentThread().isInterrupted()) {
        LOG.log(Level.WARNING, "cache release=" + release.digest() + " healing=failed", e);
      }
      return false;
    }
  }

  /** Begins nothing from now on. What runs ends when the connections it uses are cut. */
  @Override
  public void close() {
    Thread running;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      running = thread;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.interrupt();
    }
  }

  /** Waits until the thread has ended; not for ever. */
  void awaitEnd(Duration atMost) {
    Thread running = thread;
    try {
      if (running != null && !running.join(atMost)) {
        LOG.log(Level.WARNING, "cache healing=does_not_stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
