package dev.moonboot.http;

import dev.moonboot.config.ConfigReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The admin listener: for people and monitoring on this machine.
 *
 * @param bind where it listens; port 0 takes a free one
 */
public record AdminConfig(InetSocketAddress bind, HttpLimits limits) {
  /**
   * Refuses what others could reach.
   *
   * @throws IllegalArgumentException when {@code bind} is not a loopback address: nothing here asks
   *     who is calling
   */
  public AdminConfig {
    if (bind.isUnresolved() || !bind.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "the admin listener cannot be bound to "
              + bind.getHostString()
              + ": it asks nobody for a password, so only a loopback address will do (127.0.0.1 or"
              + " ::1); to reach it from elsewhere use an SSH tunnel");
    }
  }

  /** Reads the section {@code admin}. */
  public static AdminConfig read(ConfigReader in) {
    InetSocketAddress fallback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8090);
    InetSocketAddress address =
        in.address("address", "where the admin listener is; loopback only", fallback);
    try {
      return new AdminConfig(address, HttpLimits.DEFAULT);
    } catch (IllegalArgumentException e) {
      in.problem("address", String.valueOf(e.getMessage()));
      return new AdminConfig(fallback, HttpLimits.DEFAULT);
    }
  }
}
