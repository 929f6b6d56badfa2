package dev.moonboot.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The only selector of a listener: called at accept, before any byte, so that it can count
 * connections and end those that are silent, slow or stalled. Helidon itself has no deadline for a
 * request's head and none for a peer that does not read.
 */
final class ConnectionGuard implements ServerConnectionSelector {
  private final HttpLimits limits;
  private final Bodies bodies;
  private final Places places;
  private final EventLog log;
  private final Set<GuardedConnection> open = ConcurrentHashMap.newKeySet();
  private final Http1ConnectionSelector http =
      Http1ConnectionSelector.builder()
          .config(
              Http1Config.builder()
                  .maxPrologueLength(4096)
                  .maxHeadersSize(16 * 1024)
                  .validatePrologue(false) // labels may hold anything; NodeLabels reads the query
                  .build())
          .build();

  ConnectionGuard(HttpLimits limits, Bodies bodies, EventLog log) {
    this.limits = limits;
    this.bodies = bodies;
    this.places = new Places(limits.connections(), limits.connectionsPerAddress());
    this.log = log;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return Set.of("http/1.1");
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    InetAddress peer = address(context);
    if (!places.take(peer)) {
      log.warning("connection_refused", "client", peer.getHostAddress(), "why", "too many");
      throw new CloseConnectionException("too many connections");
    }
    GuardedContext guarded =
        GuardedContext.of(context, new Pulse(limits, System::nanoTime), limits, bodies);
    GuardedConnection connection =
        new GuardedConnection(guarded, peer, http.connection(guarded), this::leave);
    open.add(connection);
    return connection;
  }

  private void leave(GuardedConnection connection) {
    open.remove(connection);
    places.giveBack(connection.peer());
  }

  private static InetAddress address(ConnectionContext context) {
    if (context.remotePeer().address() instanceof InetSocketAddress inet) {
      return inet.getAddress();
    }
    throw new CloseConnectionException("the peer has gone already");
  }

  /** Cuts every connection that exceeds a limit. */
  void look() {
    for (GuardedConnection connection : open) {
      connection.pulse().overdue().ifPresent(why -> cut(connection, why));
    }
  }

  private void cut(GuardedConnection connection, String why) {
    log.debug("connection_cut", "client", connection.peer().getHostAddress(), "why", why);
    try {
      connection.cut();
    } catch (UncheckedIOException e) {
      // it went by itself meanwhile
    }
  }

  int openNow() {
    return places.takenNow();
  }
}
