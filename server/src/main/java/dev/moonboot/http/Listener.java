package dev.moonboot.http;

import dev.moonboot.tls.CertificateFilesException;
import dev.moonboot.tls.ServerCertificate;
import dev.moonboot.tls.TlsFiles;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Helidon server on one socket: HTTP/1.1 and HTTP/1.0, no HTTP/2, no upgrades, no PROXY
 * protocol, TLS where there is a certificate, with the guard as its only selector and all requests
 * going to {@link Routes}.
 */
final class Listener implements AutoCloseable {
  /**
   * A larger kernel buffer was measured to cost more CPU for a byte, takes memory for each client,
   * and hides for long whether a slow client still reads.
   */
  private static final int SEND_BUFFER = 256 * 1024;

  /** How long answers that are being written may still take when the listener is closed. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /** Callers beyond the places that are accepted all the same, to be told so by a close. */
  private static final int SPARE = 64;

  private final String name;
  private final InetSocketAddress bind;
  private final Routes routes;
  private final Bodies bodies;
  private final EventLog log;
  private final ConnectionGuard guard;
  private final Watchdog watchdog;
  private final WebServer server;
  private final @Nullable ServerCertificate certificate;

  /** With request bodies, and with TLS where a certificate is configured. */
  static Listener withBodies(String name, AdminConfig config, Routes routes) {
    return new Listener(name, config, routes, () -> {}, Bodies.ANY);
  }

  /**
   * @param bodies which requests may have one; the others' are refused
   */
  Listener(String name, AdminConfig config, Routes routes, Runnable sweep, Bodies bodies) {
    HttpLimits limits = config.limits();
    this.name = name;
    this.bind = config.bind();
    this.routes = routes;
    this.bodies = bodies;
    this.log = new EventLog(Listener.class);
    this.guard = new ConnectionGuard(limits, bodies, log);
    this.certificate = certificate(config);
    this.watchdog =
        new Watchdog(
            name + "-watchdog",
            limits.lookEvery(),
            () -> {
              guard.look();
              sweep.run();
              if (certificate != null) {
                certificate.look();
              }
            });
    this.server = build(limits.connections());
  }

  private static @Nullable ServerCertificate certificate(AdminConfig config) {
    TlsFiles files = config.tls();
    try {
      return files == null ? null : new ServerCertificate(files);
    } catch (CertificateFilesException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
  }

  private WebServer build(int connections) {
    var builder = WebServer.builder();
    if (certificate != null) {
      builder.tls(
          Tls.builder()
              .sslContext(certificate.context())
              .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"))
              .addApplicationProtocol("http/1.1")
              .build());
    }
    return builder
        .address(bind.getAddress())
        .port(bind.getPort())
        .shutdownHook(false)
        .protocolsDiscoverServices(false)
        .addConnectionSelector(guard)
        .useNio(true)
        .maxTcpConnections(FileBudget.connections(name, connections + SPARE))
        .idleConnectionTimeout(Duration.ofDays(1)) // the guard sees to that
        .shutdownGracePeriod(DRAIN)
        .connectionOptions(
            SocketOptions.builder().tcpNoDelay(true).socketSendBufferSize(SEND_BUFFER).build())
        .directHandlers(directHandlers())
        .routing(HttpRouting.builder().any(this::handle))
        .build();
  }

  /**
   * Binds the socket and answers from now on.
   *
   * @throws UncheckedIOException when the address cannot be bound
   */
  void start() {
    requireFree();
    server.start();
    if (!server.isRunning()) {
      throw cannotListen(new IOException("see the log above"));
    }
    watchdog.start();
  }

  /** Helidon only logs that an address cannot be bound, and goes on without. */
  private void requireFree() {
    if (bind.getPort() == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(bind);
    } catch (IOException e) {
      throw cannotListen(e);
    }
  }

  private UncheckedIOException cannotListen(IOException why) {
    return new UncheckedIOException(
        "the %s listener cannot listen on %s: %s".formatted(name, bind, why.getMessage()), why);
  }

  /** Where it listens, the port that was taken included. */
  InetSocketAddress address() {
    return new InetSocketAddress(bind.getAddress(), server.port());
  }

  int openConnections() {
    return guard.openNow();
  }

  @Override
  public void close() {
    server.stop();
    watchdog.close(); // until now it has cut those who only stall
  }

  private void handle(ServerRequest in, ServerResponse out) {
    Request request = request(in);
    if (request.announcesBody()) {
      out.header(HeaderValues.CONNECTION_CLOSE); // or Helidon would read the rest of the body
    }
    Reply reply =
        countHeaders(in) > RequestHead.MOST_HEADERS
            ? ErrorResponses.tooManyHeaders()
            : secured(answer(request));
    try (ReplySink sink = out.sink(ReplySink.TYPE)) {
      sink.emit(new ReplySink.Exchange(request, reply));
    } finally {
      close(reply.body());
    }
    if (takesBody(in) && request.announcesBody()) {
      SentContent.drain(in);
      // Helidon would take what follows the body for a request, past our reader of heads
      throw new CloseConnectionException("a request with a body is the last of its connection");
    }
  }

  /** A person's browser that was here once is to come by TLS only (RFC 6797). */
  private Reply secured(Reply reply) {
    return certificate == null || !bodies.any()
        ? reply
        : reply.with("Strict-Transport-Security", "max-age=31536000");
  }

  private static int countHeaders(ServerRequest in) {
    int count = 0;
    for (Header header : in.headers()) {
      count += header.valueCount();
    }
    return count;
  }

  private void close(Body body) {
    try {
      body.close();
    } catch (IOException e) {
      log.warning("close_failed", "listener", name, "why", String.valueOf(e.getMessage()));
    }
  }

  private Reply answer(Request request) {
    try {
      return routes.answer(request);
    } catch (IOException | RuntimeException e) {
      String id = ErrorResponses.id();
      log.fault(
          "fault",
          e,
          "id",
          id,
          "listener",
          name,
          "client",
          request.client(),
          "target",
          request.target());
      return ErrorResponses.fault(id);
    }
  }

  private Request request(ServerRequest in) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : in.headers()) {
      headers.put(
          header.headerName().lowerCase().toLowerCase(Locale.ROOT),
          String.join(", ", header.allValues()));
    }
    return new Request(
        in.prologue().method().text(),
        in.prologue().uriPath().rawPath(),
        in.prologue().hasQuery() ? in.prologue().query().rawValue() : null,
        headers,
        in.remotePeer().host(),
        in.remotePeer().port(),
        local(in),
        takesBody(in) ? new SentContent(in) : Content.NONE);
  }

  private boolean takesBody(ServerRequest in) {
    return bodies.at(in.prologue().method().text(), in.prologue().uriPath().rawPath());
  }

  private static String local(ServerRequest in) {
    String host = in.localPeer().host();
    int zone = host.indexOf('%'); // means something on this machine only
    String plain = zone < 0 ? host : host.substring(0, zone);
    return (plain.contains(":") ? "[" + plain + "]" : plain) + ":" + in.localPeer().port();
  }

  /** What Helidon refuses by itself gets our words, not its own. */
  private static DirectHandlers directHandlers() {
    DirectHandlers.Builder all = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      all.addHandler(type, (_, _, status, _, _) -> refusal(status.code(), status.reasonPhrase()));
    }
    return all.build();
  }

  private static DirectHandler.TransportResponse refusal(int status, String reason) {
    Reply reply = ErrorResponses.refused(status, reason);
    var response =
        DirectHandler.TransportResponse.builder().status(Status.create(status)).keepAlive(false);
    reply.headers().forEach((key, value) -> response.header(HeaderValues.create(key, value)));
    if (reply.body() instanceof Body.Text(var text)) {
      response.entity(text.getBytes(StandardCharsets.UTF_8));
    }
    return response.build();
  }
}
