package dev.moonboot.factory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Places for requests that wait for an end: so many at a time, each for so long. Who finds none
 * free does not wait.
 */
final class WaitingRoom {
  private final int most;
  private final Duration longest;
  private int now;
  private boolean over;

  WaitingRoom(int most, Duration longest) {
    this.most = most;
    this.longest = longest;
  }

  /** Returns when it has ended, or is not to be waited for (any more). */
  void until(CountDownLatch end) {
    if (!enter()) {
      return;
    }
    try {
      end.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leave();
    }
  }

  private synchronized boolean enter() {
    boolean enters = !over && now < most;
    now += enters ? 1 : 0;
    return enters;
  }

  private synchronized void leave() {
    now--;
  }

  /** How many wait. */
  synchronized int now() {
    return now;
  }

  /** Nobody begins to wait from now on; those who do go on when their ends are called. */
  synchronized void noMore() {
    over = true;
  }
}
