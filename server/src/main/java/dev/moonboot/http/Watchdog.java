package dev.moonboot.http;

import java.lang.System.Logger.Level;
import java.time.Duration;

/** Does a short task again and again until it is closed. */
final class Watchdog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());

  private final Duration every;
  private final Runnable task;
  private final Thread thread;

  Watchdog(String name, Duration every, Runnable task) {
    this.every = every;
    this.task = task;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(every);
        look();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void look() {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=watchdog_fault thread=" + thread.getName(), e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
