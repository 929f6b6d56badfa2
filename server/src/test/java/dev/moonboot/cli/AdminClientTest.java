package dev.moonboot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AdminClientTest {
  /** As behind a network that is gone: the connection stays open, and nothing comes any more. */
  @Test
  @Timeout(60)
  void a_stream_that_falls_silent_ends() throws IOException {
    var over = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(": hello\n".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (var client =
            new AdminClient(new ClientSettings(address, null, null), Duration.ofMillis(300));
        var lines = client.lines("/admin/v1/jobs/j1/events")) {
      Iterator<String> each = lines.iterator();
      assertEquals(": hello", each.next());
      assertThrows(UncheckedIOException.class, each::hasNext);
    } finally {
      over.countDown();
      server.stop(0);
      threads.close();
    }
  }
}
