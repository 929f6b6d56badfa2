package dev.moonboot.http;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A connection that leaves its place exactly once, however it ends. */
final class GuardedConnection implements ServerConnection {
  private final GuardedContext context;
  private final InetAddress peer;
  private final ServerConnection http;
  private final Consumer<GuardedConnection> leave;
  private final AtomicBoolean left = new AtomicBoolean();
  private volatile boolean handling;

  GuardedConnection(
      GuardedContext context,
      InetAddress peer,
      ServerConnection http,
      Consumer<GuardedConnection> leave) {
    this.context = context;
    this.peer = peer;
    this.http = http;
    this.leave = leave;
  }

  Pulse pulse() {
    return context.pulse();
  }

  InetAddress peer() {
    return peer;
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    handling = true;
    try {
      http.handle(limit);
    } finally {
      leaveOnce();
    }
  }

  @Override
  public Duration idleTime() {
    return http.idleTime();
  }

  @Override
  public void close(boolean interrupt) {
    http.close(interrupt);
    if (!handling) {
      leaveOnce();
    }
  }

  /** Closes the socket under whatever reads or writes it. */
  void cut() {
    context.serverSocket().close();
  }

  private void leaveOnce() {
    if (left.compareAndSet(false, true)) {
      leave.accept(this);
    }
  }
}
