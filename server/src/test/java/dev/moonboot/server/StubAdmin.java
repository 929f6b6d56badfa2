package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An admin listener that answers what it was told to, and remembers what it was asked. */
final class StubAdmin implements AutoCloseable {
  /** A request; {@code token} and {@code key} are null where there was none. */
  record Asked(String line, String body, @Nullable String token, @Nullable String key) {}

  /** An answer; status 0 breaks the connection. */
  record Told(int status, String type, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Deque<Told>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

  StubAdmin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next answer to that request; the last one is repeated. */
  StubAdmin on(String line, int status, String type, String body) {
    answers.computeIfAbsent(line, _ -> new ArrayDeque<>()).add(new Told(status, type, body));
    return this;
  }

  StubAdmin on(String line, int status, String json) {
    return on(line, status, "application/json", json.replace('\'', '"'));
  }

  StubAdmin problem(String line, int status, String json) {
    return on(line, status, "application/problem+json", json.replace('\'', '"'));
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(
        new Asked(
            line,
            new String(exchange.getRequestBody().readAllBytes(), UTF_8),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Idempotency-Key")));
    Told told = next(line);
    if (told.status() == 0) {
      exchange.close();
      return;
    }
    byte[] bytes = told.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", told.type());
    exchange.sendResponseHeaders(told.status(), bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private synchronized Told next(String line) {
    Deque<Told> left = answers.get(line);
    if (left == null) {
      return new Told(404, "text/plain", "not told what to say to " + line);
    }
    return left.size() > 1 ? left.removeFirst() : left.getFirst();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
