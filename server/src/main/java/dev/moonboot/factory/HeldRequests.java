package dev.moonboot.factory;

import dev.moonboot.assets.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Requests that wait for what they asked for. iPXE waits by itself after a 503 and asks again;
 * containerd gives up at one, and after a 429 asks again at once, five times and no more. So many
 * are held, and only for so long; the others, and all when this appliance stops, are told how it
 * stands.
 */
final class HeldRequests {
  /** Six of these are more than composing takes, also where all inputs have to be pulled. */
  static final Duration LONGEST = Duration.ofMinutes(2);

  static final int MOST = 32;

  private final Orders orders;
  private final int most;
  private final Duration longest;
  private int held;
  private boolean over;

  HeldRequests(Orders orders, int most, Duration longest) {
    this.orders = orders;
    this.most = most;
    this.longest = longest;
  }

  /** As {@link Orders#ask}, once it is made where it has to be. */
  OrderStatus ask(Order order, Channel channel) {
    OrderStatus status = orders.ask(order, channel);
    if (!(status instanceof OrderStatus.Coming)) {
      return status;
    }
    Optional<CountDownLatch> end = orders.end(order);
    if (end.isPresent() && enter()) {
      try {
        end.get().await(longest.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        leave();
      }
    }
    return orders.look(order);
  }

  private synchronized boolean enter() {
    boolean enters = !over && held < most;
    held += enters ? 1 : 0;
    return enters;
  }

  private synchronized void leave() {
    held--;
  }

  /** How many are held now. */
  synchronized int held() {
    return held;
  }

  /** Holds none from now on, and answers those that are held. */
  void letGo() {
    synchronized (this) {
      over = true;
    }
    orders.wake();
  }
}
