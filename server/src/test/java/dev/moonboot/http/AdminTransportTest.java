package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What only the admin listener's transport does: bodies with a deadline, and streams of events. */
class AdminTransportTest {
  private static final HttpLimits DEFAULT = HttpLimits.DEFAULT;

  /** Half a second for heads, bodies and stalls. */
  private static final HttpLimits SHORT =
      new HttpLimits(
          DEFAULT.firstByte(),
          Duration.ofMillis(500),
          DEFAULT.idle(),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          DEFAULT.bytesPerSecond(),
          DEFAULT.connections(),
          DEFAULT.connectionsPerAddress(),
          DEFAULT.requestsPerConnection(),
          DEFAULT.transfers(),
          DEFAULT.mappingIdle());

  private static AdminListener start(Routes routes) {
    var bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var listener = new AdminListener(new AdminConfig(bind, SHORT, null), routes);
    listener.start();
    return listener;
  }

  @Test
  void a_body_that_does_not_come_in_time_ends_the_connection() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (AdminListener listener = start(request -> Reply.text(200, request.content().text(100)));
        RawClient client = RawClient.connect(listener.address())) {
      client.request("POST", "/", "Content-Length: 50");
      long begun = System.nanoTime();
      boolean open = true;
      while (open && System.nanoTime() - begun < Duration.ofSeconds(15).toNanos()) {
        try {
          client.send("x"); // a byte now and then does not help
          open = never.await(100, TimeUnit.MILLISECONDS) || client.stream().available() == 0;
        } catch (IOException | InterruptedException e) {
          open = false;
        }
      }
      long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
      assertTrue(took > 400 && took < 10_000, took + " ms");
      assertTrue(!client.rest().startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void a_body_ends_where_its_length_says_and_the_answer_is_the_last() throws IOException {
    try (AdminListener listener = start(request -> Reply.text(200, request.content().text(100)));
        RawClient client = RawClient.connect(listener.address())) {
      client.request("POST", "/", "Content-Length: 5").send("helloGET / HTTP/1.1\r\n\r\n");
      assertEquals("hello", client.read("POST").text());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void a_stream_that_says_nothing_for_long_is_not_cut() throws IOException {
    CountDownLatch closed = new CountDownLatch(1);
    EventSource source =
        new EventSource() {
          private int asked;

          @Override
          public Next next(Duration atMost) throws InterruptedException {
            asked++;
            return switch (asked) {
              case 1 -> new Event("first", "{}");
              case 2 -> {
                // longer than a stall may take
                closed.await(1500, TimeUnit.MILLISECONDS);
                yield new Quiet();
              }
              case 3 -> new Event("last", "{}");
              default -> new End();
            };
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };
    try (AdminListener listener =
            start(_ ->
                Reply.of(200, new Body.Events(source)).with("Content-Type", "text/event-stream"));
        RawClient client = RawClient.connect(listener.address())) {
      client.request("GET", "/");
      String answer = client.rest();
      assertTrue(
          answer.endsWith(
              "Connection: close\r\n\r\nevent: first\ndata: {}\n\n: still here\n\nevent: last\ndata:"
                  + " {}\n\n"),
          answer);
      assertEquals(0, closed.getCount());
    }
  }
}
