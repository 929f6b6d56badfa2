package dev.moonboot.assets.cache;

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

  Held lock(Collection<String> keys) {
    Held held = new Held();
    for (String key : new TreeSet<>(keys)) {
      ReentrantLock lock = locks.computeIfAbsent(key, _ -> new ReentrantLock());
      lock.lock();
      held.taken.push(lock);
    }
    return held;
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
