package dev.moonboot.factory;

import dev.moonboot.assets.Release;
import java.time.Duration;

/** How it stands with an order. */
public sealed interface OrderStatus {
  /** It is there. */
  record Ready(Release release) implements OrderStatus {}

  /**
   * It is being made, or is to be.
   *
   * @param again when to ask again
   */
  record Coming(Duration again) implements OrderStatus {}

  /**
   * It is not even begun: too much waits already.
   *
   * @param again when to ask again
   */
  record Full(Duration again) implements OrderStatus {}

  /**
   * It was tried, and is not tried again for a while.
   *
   * @param status 400 or 404 when the order cannot be followed, 503 when it may another time
   * @param again when to ask again
   */
  record Failed(int status, String why, Duration again) implements OrderStatus {}
}
