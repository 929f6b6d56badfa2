package dev.moonboot.http;

import java.net.InetSocketAddress;

/** Where people and monitoring ask; takes request bodies. What it answers is told by its routes. */
public final class AdminListener implements AutoCloseable {
  private final Listener listener;

  /** A listener that is not started yet. */
  public AdminListener(AdminConfig config, Routes routes) {
    this.listener = Listener.withBodies("admin", config, routes);
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
