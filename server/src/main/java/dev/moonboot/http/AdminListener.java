package dev.moonboot.http;

import dev.moonboot.metrics.Meters;
import dev.moonboot.release.Following;
import java.net.InetSocketAddress;

/** What people and monitoring on this machine ask: channels, metrics, health. */
public final class AdminListener implements AutoCloseable {
  private final Listener listener;

  /** A listener that is not started yet. */
  public AdminListener(AdminConfig config, Following following, Health health, Meters meters) {
    EventLog log = new EventLog(AdminListener.class);
    this.listener =
        new Listener(
            "admin",
            config.bind(),
            config.limits(),
            new AdminRoutes(following, health, meters, log),
            () -> {});
  }

  /**
   * Binds the socket and answers from now on.
   *
   * @throws java.io.UncheckedIOException when the address cannot be bound
   */
  public void start() {
    listener.start();
  }

  /** Where it listens; known once it is started. */
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
  }
}
