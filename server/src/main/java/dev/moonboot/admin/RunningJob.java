package dev.moonboot.admin;

import dev.moonboot.assets.Progress;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A job with those who watch it. */
final class RunningJob implements Progress {
  /** A job with the number of changes that led to it. */
  record Version(Job job, long number) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Version now;

  RunningJob(Job begun) {
    this.now = new Version(begun, 0);
  }

  Job job() {
    return version().job();
  }

  Version version() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void step(String name, String detail) {
    change(job -> job.at(name, detail));
  }

  @Override
  public void bytes(long done, long total) {
    change(job -> job.at(done, total));
  }

  /** What has ended does not change any more. */
  void change(UnaryOperator<Job> change) {
    lock.lock();
    try {
      if (now.job().isRunning()) {
        now = new Version(change.apply(now.job()), now.number() + 1);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The job once it has ended, or as it is when {@code atMost} is over. */
  Job awaitEnd(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (now.job().isRunning() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return now.job();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The job once it has changed since {@code seen}, or as it is when {@code atMost} is over or
   * nobody cares any more.
   */
  Version awaitChange(long seen, Duration atMost, BooleanSupplier over)
      throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (now.number() == seen && left > 0 && !over.getAsBoolean()) {
        left = changed.awaitNanos(left);
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  /** Lets those who watch look again. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
