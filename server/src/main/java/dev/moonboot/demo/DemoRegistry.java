package dev.moonboot.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OCI registry in this process, on loopback, that holds one repository and can be read only
 * (distribution-spec, "Pull"). Its tag can be moved.
 */
public final class DemoRegistry implements AutoCloseable {
  /** The name of the repository it holds. */
  public static final String REPOSITORY = "demo/installer";

  private static final Pattern PATH =
      Pattern.compile("/v2/" + REPOSITORY + "/(manifests|blobs)/([\\w.:-]+)");

  private final Map<String, Digest> tags = new ConcurrentHashMap<>();
  private final Map<Digest, DemoImage.Content> manifests = new ConcurrentHashMap<>();
  private final Map<Digest, DemoImage.Content> blobs = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private DemoRegistry(HttpServer server) {
    this.server = server;
  }

  /** Starts on a free port of 127.0.0.1. */
  public static DemoRegistry start() {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var registry = new DemoRegistry(server);
    server.setExecutor(registry.threads);
    server.createContext("/", registry::answer);
    server.start();
    return registry;
  }

  /** Host and port, as in an image reference. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Makes the image of {@code version} and lets {@code tag} name it from now on.
   *
   * @return the image's digest
   */
  public Digest push(String tag, String version) {
    DemoImage image = DemoImage.of(version);
    blobs.putAll(image.blobs());
    manifests.putAll(image.manifests());
    tags.put(tag, image.index());
    return image.index();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Matcher match = PATH.matcher(path);
      if (path.equals("/v2/")) {
        send(exchange, 200, "application/json", new byte[] {'{', '}'});
      } else if (!match.matches()) {
        send(exchange, 404, "application/json", new byte[] {'{', '}'});
      } else {
        Optional<DemoImage.Content> content =
            match.group(1).equals("blobs")
                ? digest(match.group(2)).map(blobs::get)
                : digest(match.group(2)).map(manifests::get);
        if (content.isPresent()) {
          exchange
              .getResponseHeaders()
              .set("Docker-Content-Digest", content.get().digest().toString());
          send(exchange, 200, content.get().mediaType(), content.get().bytes());
        } else {
          send(exchange, 404, "application/json", new byte[] {'{', '}'});
        }
      }
    }
  }

  private Optional<Digest> digest(String reference) {
    return reference.startsWith("sha256:")
        ? Optional.of(Digest.parse(reference))
        : Optional.ofNullable(tags.get(reference));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
