package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the admin API. A call whose connection breaks is made again: what changes something carries
 * an {@code Idempotency-Key}, so that it is done once.
 */
final class AdminClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** The server answers within 30 seconds; what takes longer is a job. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private static final int TRIES = 3;
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final long LARGEST_ANSWER = 64L << 20;

  /** Who streams events says every ten seconds that it is still there. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final ClientSettings settings;
  private final Duration silence;
  private final HttpClient http;

  AdminClient(ClientSettings settings) {
    this(settings, SILENCE);
  }

  /**
   * @param silence after which a stream of events is taken for broken
   */
  AdminClient(ClientSettings settings, Duration silence) {
    this.settings = settings;
    this.silence = silence;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT);
    if (settings.ca() != null) {
      builder.sslContext(TlsTrust.of(settings.ca()));
    }
    this.http = builder.build();
  }

  /** {@code ?name=value&…} of those that have a value; nothing when none has. */
  static String query(Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .filter(parameter -> !parameter.getValue().isEmpty())
            .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * What is at a path, as JSON.
   *
   * @throws CliException when it is not answered as wished
   */
  Json.Obj get(String path) {
    return good(send("GET", path, null, Map.of())).json();
  }

  /** As {@link #get}, in the form for people. */
  String getText(String path) {
    return good(send("GET", path, null, Map.of("Accept", "text/plain"))).text();
  }

  /**
   * Changes something.
   *
   * @param body null for none
   * @param headers more of them, such as {@code If-Match}
   * @throws CliException when it is not done
   */
  Answer change(String method, String path, Json.@Nullable Obj body, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Idempotency-Key", UUID.randomUUID().toString());
    return good(send(method, path, body, all));
  }

  private static Answer good(Answer answer) {
    if (!answer.isGood()) {
      throw Refusal.of(answer);
    }
    return answer;
  }

  /** Every answer, whatever it says. */
  Answer send(String method, String path, Json.@Nullable Obj body, Map<String, String> headers) {
    HttpRequest request = request(method, path, body, headers);
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<String> response = exchange(request);
        Map<String, String> sent = new LinkedHashMap<>();
        response
            .headers()
            .map()
            .forEach((name, values) -> sent.put(name, String.join(", ", values)));
        return new Answer(response.statusCode(), sent, response.body());
      } catch (IOException e) {
        if (attempt >= TRIES || isFinal(e)) {
          throw notReachable(e);
        }
        LockSupport.parkNanos(PAUSE.multipliedBy(attempt).toNanos());
      }
    }
  }

  private HttpRequest request(
      String method, String path, Json.@Nullable Obj body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.address() + path)).timeout(ANSWER);
    headers.forEach(request::header);
    if (settings.token() != null) {
      request.header("Authorization", "Bearer " + settings.token());
    }
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/json");
      request.method(method, BodyPublishers.ofString(body.compact()));
    }
    return request.build();
  }

  /** A request's own time limit ends with the head of its answer; this one holds for all of it. */
  private HttpResponse<String> exchange(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
    try {
      return exchange.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new IOException("no answer within " + ANSWER.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.cancel(true);
      throw new CliException(CliException.FAILED, "interrupted");
    }
  }

  /**
   * The lines of an answer that goes on for as long as the server has something to say. To be
   * closed.
   *
   * @throws IOException when the connection breaks or is silent for too long; also while lines are
   *     read, as an {@link java.io.UncheckedIOException}
   * @throws CliException when it is refused
   */
  Stream<String> lines(String path) throws IOException {
    return lines(path, "");
  }

  /**
   * As {@link #lines(String)}.
   *
   * @param lastId the id of the last event that was read; empty for none
   */
  Stream<String> lines(String path, String lastId) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "text/event-stream");
    if (!lastId.isEmpty()) {
      headers.put("Last-Event-ID", lastId);
    }
    HttpRequest request = request("GET", path, null, headers);
    try {
      HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
      if (response.statusCode() == 200) {
        return heard(response.body());
      }
      try (Stream<String> body = response.body()) {
        String type = response.headers().firstValue("content-type").orElse("");
        throw Refusal.of(
            new Answer(
                response.statusCode(),
                Map.of("content-type", type),
                body.collect(Collectors.joining("\n"))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.FAILED, "interrupted");
    }
  }

  /** The same, closed when nothing comes any more: a network that is gone says nothing of it. */
  private Stream<String> heard(Stream<String> lines) {
    var last = new AtomicLong(System.nanoTime());
    Thread listening =
        Thread.startVirtualThread(() -> {
          try {
            long left = silence.toNanos();
            while (left > 0) {
              TimeUnit.NANOSECONDS.sleep(left);
              left = silence.toNanos() - (System.nanoTime() - last.get());
            }
            lines.close();
          } catch (InterruptedException e) {
            // it was closed
          }
        });
    return lines.peek(_ -> last.set(System.nanoTime())).onClose(listening::interrupt);
  }

  private static boolean isFinal(IOException e) {
    return e instanceof ConnectException
        || e instanceof HttpConnectTimeoutException
        || e instanceof SSLException;
  }

  CliException notReachable(IOException e) {
    String why =
        switch (e) {
          case SSLException tls ->
              "%s\n  trust the server's certificate with --ca FILE, or use the name that it is for"
                  .formatted(tls.getMessage());
          case ConnectException connect when unresolved(connect) ->
              "no such host\n  another address: --address URL, or " + ClientSettings.ADDRESS;
          case ConnectException _ ->
              "nothing listens there\n  is moonboot running (systemctl status moonboot), and is"
                  + " this its admin.address? another one: --address URL, or "
                  + ClientSettings.ADDRESS;
          default -> String.valueOf(e.getMessage() == null ? e : e.getMessage());
        };
    return new CliException(
        CliException.NOT_REACHABLE,
        "the admin listener at " + settings.address() + " cannot be reached: " + why);
  }

  private static boolean unresolved(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, cause -> cause.getCause())
        .anyMatch(cause -> cause instanceof UnresolvedAddressException);
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
