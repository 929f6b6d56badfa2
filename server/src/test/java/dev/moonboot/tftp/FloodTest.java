package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests from sources that never answer do not keep out those who do. */
class FloodTest {
  private static final String KERNEL = "talos/custom/vmlinuz-arm64";
  private static final int SOURCES = 200;
  private static final int PORTS = 2; // a source, so that there are more than transfers at once
  private static final int BURST = 25;
  private static final Duration PAUSE = Duration.ofMillis(5);

  @TempDir Path folder;

  @Test
  void t_14_boots_go_on_while_200_sources_ask_5000_times_a_second() throws Exception {
    byte[] bytes = Served.bytes(300_000, 15);
    try (var served = Served.in(folder)) {
      served.asset(KERNEL, bytes);
      var stop = new AtomicBoolean();
      var asked = new AtomicLong();
      Thread flood =
          Thread.ofPlatform()
              .name("flood")
              .start(() -> flood(served.listener.address().getPort(), stop, asked));
      try {
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        for (int boots = 0; boots < 4 || System.nanoTime() < end; boots++) {
          try (var client = served.client()) {
            assertArrayEquals(bytes, client.fetch(KERNEL, "blksize", "1468", "windowsize", "4"));
          }
          assertTrue(running(served) <= 256, "more transfers than allowed");
        }
      } finally {
        stop.set(true);
        flood.join();
      }
      assertTrue(asked.get() > 2000, "the flood was none: " + asked);
      Await.equal(0L, () -> running(served));
    }
  }

  private static long running(Served served) {
    return served
        .meters
        .scrape()
        .lines()
        .filter(line -> line.startsWith("moonboot_transfers_running{protocol=\"tftp\"}"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static void flood(int port, AtomicBoolean stop, AtomicLong asked) {
    var server = new InetSocketAddress(TestClient.LOOPBACK, port);
    byte[] request = TestClient.rrq(KERNEL, "octet", "blksize", "1468");
    List<DatagramChannel> sources = new ArrayList<>();
    try {
      for (int i = 0; i < SOURCES * PORTS; i++) {
        DatagramChannel source = DatagramChannel.open();
        sources.add(source);
        source.bind(
            new InetSocketAddress(InetAddress.ofLiteral("127.1.0." + (i % SOURCES + 1)), 0));
      }
      while (!stop.get()) {
        for (int i = 0; i < BURST; i++) {
          int source = (int) (asked.getAndIncrement() % sources.size());
          sources.get(source).send(ByteBuffer.wrap(request), server);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      sources.forEach(FloodTest::close);
    }
  }

  private static void close(DatagramChannel source) {
    try {
      source.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
