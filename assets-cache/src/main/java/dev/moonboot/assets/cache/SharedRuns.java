package dev.moonboot.assets.cache;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Long work: whoever wants what is under way already waits for the same outcome. */
final class SharedRuns {
  private final ConcurrentMap<Object, FutureTask<?>> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Does the work on this thread, or waits for the one that does it.
   *
   * @param key what the work is; the type of its outcome goes with it
   */
  @SuppressWarnings("unchecked") // a key stands for one kind of work
  <T> T run(Object key, Callable<T> work) {
    if (closed) {
      throw new CacheException("the cache is closed", null);
    }
    FutureTask<T> mine = new FutureTask<>(work);
    FutureTask<?> first = running.putIfAbsent(key, mine);
    if (first != null) {
      return outcome((FutureTask<T>) first);
    }
    try {
      mine.run();
    } finally {
      running.remove(key, mine);
    }
    return outcome(mine);
  }

  private static <T> T outcome(FutureTask<T> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException("interrupted while waiting for a refresh or a fetch", e);
    } catch (ExecutionException e) {
      throw new CacheException("a refresh or a fetch failed: " + e.getCause(), e.getCause());
    }
  }

  /** From now on nothing begins. */
  void refuse() {
    closed = true;
  }

  /** Waits for what runs. */
  void await(long seconds) {
    try {
      for (FutureTask<?> task : List.copyOf(running.values())) {
        task.get(seconds, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Whoever asked for it learns why it ended; a late one finds the files it needs gone.
    }
  }
}
