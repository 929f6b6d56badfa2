package dev.moonboot.assets.registry;

import static java.util.Objects.requireNonNull;

import dev.moonboot.assets.RegistrySettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Single HTTP requests to places that {@link Guard} admits; follows nothing and adds nothing. */
final class Transport implements AutoCloseable {
  /**
   * What is sent with a request.
   *
   * @param time that sending it may take, besides the patience for an answer
   */
  record Payload(BodyPublisher publisher, Duration time) {
    /** Told how many bytes are on their way. */
    interface Sent {
      void bytes(long count);
    }

    static final Payload NONE = new Payload(BodyPublishers.noBody(), Duration.ZERO);

    /** In bytes a second: what goes slower than this on the whole is given up. */
    private static final long SLOWEST = 50 << 10;

    static Payload of(String text) {
      return new Payload(BodyPublishers.ofString(text), Duration.ZERO);
    }

    static Payload of(byte[] bytes) {
      return new Payload(BodyPublishers.ofByteArray(bytes), time(bytes.length));
    }

    /** The file as it is read meanwhile. */
    static Payload of(Path file, Sent sent) throws IOException {
      return new Payload(
          new CountedPublisher(BodyPublishers.ofFile(file), sent), time(Files.size(file)));
    }

    private static Duration time(long bytes) {
      return Duration.ofSeconds(bytes / SLOWEST);
    }
  }

  private final @Nullable OutgoingProxy proxy;
  private final Guard guard;
  private final Tunnel tunnel;
  private final HttpClient client;
  private final RegistrySettings.Timeouts timeouts;

  Transport(Network network, RegistrySettings settings) {
    this.proxy = OutgoingProxy.of(settings);
    var tls = TrustAnchors.with(settings.extraCa());
    this.timeouts = settings.timeouts();
    this.guard = new Guard(network, proxy, settings);
    this.tunnel = new Tunnel(network, guard, proxy, timeouts.connect());
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new Route(proxy, tunnel))
            .connectTimeout(timeouts.connect())
            .sslContext(tls)
            .executor(Thread::startVirtualThread)
            .build();
  }

  private boolean isDirect(URI uri) {
    return isDirect(uri, proxy);
  }

  /** An address in a URL is itself what was checked: no name is left to be resolved otherwise. */
  private static boolean isDirect(URI uri, @Nullable OutgoingProxy proxy) {
    String host = Hosts.of(uri);
    return Hosts.literal(host).isPresent() && (proxy == null || !proxy.serves(host));
  }

  /**
   * Through the tunnel, or directly. Knows nothing of the client: one that can be reached from its
   * own proxy selector is never collected, since its cleaner holds the selector.
   */
  private static final class Route extends ProxySelector {
    private final @Nullable OutgoingProxy proxy;
    private final Tunnel tunnel;

    Route(@Nullable OutgoingProxy proxy, Tunnel tunnel) {
      this.proxy = proxy;
      this.tunnel = tunnel;
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          isDirect(uri, proxy) ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, tunnel.address()));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
  }

  /**
   * Sends a request without body.
   *
   * @throws IOException when another try may succeed
   * @throws RegistryException when none will
   */
  Answer send(String method, URI uri, Map<String, String> headers, Guard.Role role)
      throws IOException {
    return send(method, uri, headers, role, Payload.NONE);
  }

  /** As above, with a form as body; or with whatever else the headers' Content-Type says. */
  Answer send(String method, URI uri, Map<String, String> headers, Guard.Role role, String form)
      throws IOException {
    Map<String, String> typed = new HashMap<>(headers);
    typed.putIfAbsent("Content-Type", "application/x-www-form-urlencoded");
    return send(method, uri, typed, role, Payload.of(form));
  }

  /** As above, with a body. */
  Answer send(String method, URI uri, Map<String, String> headers, Guard.Role role, Payload payload)
      throws IOException {
    guard.admit(uri, role);
    var request =
        HttpRequest.newBuilder(uri)
            .method(method, payload.publisher())
            .timeout(patience().plus(payload.time()))
            .header("User-Agent", "moonboot");
    if (!isDirect(uri)) {
      request.header("Proxy-Authorization", tunnel.pass());
    }
    headers.forEach(request::header);
    return exchange(uri, request.build());
  }

  /** Until the headers are there: a connection, TLS, and the registry's own thinking. */
  private Duration patience() {
    return timeouts.connect().plus(timeouts.header());
  }

  private Answer exchange(URI uri, HttpRequest request) throws IOException {
    var begun = new AtomicReference<@Nullable Answer>();
    try {
      client.send(
          request,
          info -> {
            var body = new Body(timeouts.stall());
            begun.set(new Answer(uri, info.statusCode(), info.headers(), body));
            return body;
          });
    } catch (InterruptedException e) {
      throw Interrupted.now(e);
    } catch (IOException e) {
      // When the connection is cut early in the body, the client may report that instead of the
      // answer: what came of the body is there all the same.
      Answer answer = begun.get();
      if (answer == null) {
        throw new IOException(Hosts.shown(uri) + ": " + why(uri, e), e);
      }
      answer.body().onError(e);
    }
    return answered(uri, requireNonNull(begun.get()));
  }

  /** In the words of the JDK, which has no class for it. */
  private static boolean isPlain(SSLException e) {
    return String.valueOf(e.getMessage()).contains("plaintext connection");
  }

  /** A plain request that found no server is answered by the tunnel itself, with the reason. */
  private Answer answered(URI uri, Answer answer) throws IOException {
    boolean ofTunnel = "http".equalsIgnoreCase(uri.getScheme()) && !isDirect(uri);
    String failure = ofTunnel ? answer.header(Tunnel.FAILURE) : null;
    if (failure != null) {
      answer.discard();
      throw new IOException(Hosts.shown(uri) + ": " + failure);
    }
    return answer;
  }

  private String why(URI uri, IOException error) {
    Optional<String> failure = tunnel.failure(Hosts.of(uri));
    if (failure.isPresent()) {
      return failure.get();
    }
    return switch (error) {
      case HttpTimeoutException _ -> "no answer in time (" + patience().toMillis() + " ms)";
      case SSLHandshakeException e ->
          e.getMessage() + " (if an authority of your own signed its certificate, configure it)";
      case SSLException e when isPlain(e) ->
          "no TLS is spoken there; name it in registry.plain-http (--plain-http) if it is meant to"
              + " speak plain HTTP";
      case SSLException e -> "TLS: " + e.getMessage();
      case ConnectException e ->
          e.getMessage() == null ? "nothing answers there (connection refused)" : e.getMessage();
      default -> String.valueOf(error.getMessage());
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
    tunnel.close();
  }
}
