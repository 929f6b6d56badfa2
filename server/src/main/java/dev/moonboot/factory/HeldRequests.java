package dev.moonboot.factory;

import dev.moonboot.assets.Channel;
import java.time.Duration;

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
  private final WaitingRoom held;

  HeldRequests(Orders orders, int most, Duration longest) {
    this.orders = orders;
    this.held = new WaitingRoom(most, longest);
  }

  /** As {@link Orders#ask}, once it is made where it has to be. */
  OrderStatus ask(Order order, Channel channel) {
    OrderStatus status = orders.ask(order, channel);
    if (!(status instanceof OrderStatus.Coming)) {
      return status;
    }
    orders.end(order).ifPresent(held::until);
    return orders.look(order);
  }

  /** How many are held now. */
  int held() {
    return held.now();
  }

  /** Holds none from now on, and answers those that are held. */
  void letGo() {
    held.noMore();
    orders.wake();
  }
}
