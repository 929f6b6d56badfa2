package dev.moonboot.assets.cache;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each key; several are taken in one order, so that two takers cannot block for ever.
 */
final class KeyedLocks {
  // A key is a digest or a list of them: as few as there are images, so none is ever removed.
  private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /**
   * Waits for all of them.
   *
   * @throws UncheckedIOException (of an {@link InterruptedIOException}) when this thread is
   *     interrupted meanwhile
   */
  Held lock(Collection<String> keys) {
    Held held = new Held();
    try {
      for (String key : new TreeSet<>(keys)) {
        ReentrantLock lock = locks.computeIfAbsent(key, _ -> new ReentrantLock());
        lock.lockInterruptibly();
        held.taken.push(lock);
      }
      return held;
    } catch (InterruptedException e) {
      held.close();
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted while waiting"));
    }
  }

  /** Locks that this thread has until it closes them. */
  static final class Held implements AutoCloseable {
    private final Deque<ReentrantLock> taken = new ArrayDeque<>();

    @Override
    public void close() {
      while (!taken.isEmpty()) {
        taken.pop().unlock();
      }
    }
  }
}
