package dev.moonboot.assets.cache;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Long work: whoever wants what is under way already waits for the same outcome. */
final class SharedRuns {
  private final ConcurrentMap<Object, Run<?>> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Work, and the thread that does it for as long as it does. */
  private static final class Run<T> {
    private final FutureTask<T> task;
    private @Nullable Thread thread; // guarded by this

    Run(Callable<T> work) {
      this.task = new FutureTask<>(work);
    }

    private synchronized void on(@Nullable Thread worker) {
      thread = worker;
    }

    private synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

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
    Run<T> mine = new Run<>(work);
    Run<?> first = running.putIfAbsent(key, mine);
    if (first != null) {
      return outcome((FutureTask<T>) first.task);
    }
    mine.on(Thread.currentThread());
    try {
      if (closed) { // since it was looked at: nobody interrupts this one
        Thread.currentThread().interrupt();
      }
      mine.task.run();
    } finally {
      mine.on(null);
      running.remove(key, mine);
    }
    return outcome(mine.task);
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

  /** From now on nothing begins, and what runs is interrupted. */
  void stop() {
    closed = true;
    running.values().forEach(Run::interrupt);
  }

  /** Waits for what runs. */
  void await(long seconds) {
    try {
      for (Run<?> run : List.copyOf(running.values())) {
        await(run.task, seconds);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(FutureTask<?> task, long seconds) throws InterruptedException {
    try {
      task.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Whoever asked for it learns why it ended; a late one finds the files it needs gone.
    }
  }
}
