package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are silent, slow, stalled or many. Every limit is cut down to a fraction. */
@Timeout(60)
class ConnectionLimitsTest {
  private static final Duration WAIT = Duration.ofMillis(600);
  private static final String KERNEL = "/assets/talos/custom/vmlinuz-arm64";
  private static final int LARGE = 20_000_000;

  @TempDir Path data;

  private static void publishLarge(BootFixture server) throws IOException {
    server.publish(Map.of(AssetName.VMLINUZ, new byte[LARGE], AssetName.CMDLINE, new byte[0]));
  }

  private static HttpLimits places(int total, int perAddress, int requests) {
    HttpLimits all = HttpLimits.DEFAULT;
    return new HttpLimits(
        all.firstByte(),
        all.head(),
        all.idle(),
        all.stall(),
        all.ratePeriod(),
        all.bytesPerSecond(),
        total,
        perAddress,
        requests,
        all.transfers(),
        all.mappingIdle());
  }

  @Test
  void a_peer_that_says_nothing_is_closed() throws IOException {
    try (BootFixture server = BootFixture.start(data, BootFixture.hasty(WAIT));
        RawClient silent = RawClient.connect(server.address())) {
      assertTrue(silent.isClosed());
    }
  }

  @Test
  void a_connection_is_kept_between_requests_for_a_while_and_no_longer() throws IOException {
    try (BootFixture server = BootFixture.start(data, BootFixture.hasty(WAIT));
        RawClient idle = RawClient.connect(server.address())) {
      assertEquals(200, idle.request("GET", "/").read("GET").status());
      assertEquals(200, idle.request("GET", "/").read("GET").status());
      assertTrue(idle.isClosed());
    }
  }

  @Test
  void l_01_a_request_that_drips_in_is_closed_at_its_deadline_and_others_boot_meanwhile()
      throws IOException {
    try (BootFixture server = BootFixture.start(data, BootFixture.hasty(WAIT))) {
      List<RawClient> drips = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        drips.add(RawClient.connect(server.address()).send("GET / HTTP/1.1\r\nX-Drip: "));
      }
      int sent = 0;
      while (drips.stream().anyMatch(drip -> !drip.socket().isClosed())) {
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), "still open");
        sent++;
        for (RawClient drip : drips) {
          dripOrClose(drip);
        }
        assertEquals(200, RawClient.get(server.address(), "/boot.ipxe").status());
      }
      assertTrue(sent > 2, "closed before the deadline: " + sent);
      BootFixture.await("all places are free", () -> server.listener.openConnections() == 0);
    }
  }

  private static void dripOrClose(RawClient drip) throws IOException {
    try {
      if (!drip.socket().isClosed()) {
        drip.send("x");
        drip.socket().setSoTimeout(1);
        drip.stream().read();
        drip.close(); // the end of the stream
      }
    } catch (java.net.SocketTimeoutException e) {
      // still open
    } catch (IOException e) {
      drip.close();
    }
  }

  @Test
  void l_02_readers_that_never_read_are_closed_and_cost_no_heap() throws IOException {
    try (BootFixture server = BootFixture.start(data, BootFixture.hasty(WAIT))) {
      publishLarge(server);
      RawClient.get(server.address(), KERNEL);
      long before = usedHeap();
      List<RawClient> stalled = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        RawClient reader = RawClient.connect(server.address(), null, 4096);
        stalled.add(reader.request("GET", KERNEL));
        assertTrue(reader.stream().read() >= 0);
      }
      assertEquals(100, server.listener.openConnections());
      assertEquals(1, server.listener.mappedFiles(), "one mapping serves all");
      long each = (usedHeap() - before) / 100;
      assertTrue(each < 64 * 1024, each + " bytes of heap for each stalled reader");
      BootFixture.await("all are closed", () -> server.listener.openConnections() == 0);
      BootFixture.await("nothing stays mapped", () -> server.listener.mappedFiles() == 0);
      assertTrue(
          server.meters.scrape().contains("moonboot_transfers_running{protocol=\"http\"} 0"));
      for (RawClient reader : stalled) {
        reader.close();
      }
    }
  }

  @Test
  void l_02_who_reads_gets_the_place_of_who_does_not() throws IOException {
    try (BootFixture server = BootFixture.start(data, transfers(4))) {
      publishLarge(server);
      List<RawClient> stalled = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        RawClient reader = RawClient.connect(server.address(), "127.0.0." + (7 + i / 2), 4096);
        stalled.add(reader.request("GET", KERNEL));
        assertTrue(reader.stream().read() >= 0);
      }
      assertEquals(503, status(server, "127.0.0.7"), "who has as many takes none from others");
      String node = "127.0.0.9";
      BootFixture.await("the node gets a place", () -> status(server, node) == 200);
      for (RawClient reader : stalled) {
        reader.close();
      }
    }
  }

  private static HttpLimits transfers(int most) {
    HttpLimits all = HttpLimits.DEFAULT;
    return new HttpLimits(
        all.firstByte(),
        all.head(),
        all.idle(),
        all.stall(),
        all.ratePeriod(),
        all.bytesPerSecond(),
        all.connections(),
        all.connectionsPerAddress(),
        all.requestsPerConnection(),
        most,
        all.mappingIdle());
  }

  private static int status(BootFixture server, String from) {
    try (RawClient client = RawClient.connect(server.address(), from, 0)) {
      return client.request("GET", KERNEL).read("GET").status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void a_reader_below_the_least_rate_is_closed() throws IOException {
    HttpLimits greedy =
        new HttpLimits(WAIT, WAIT, WAIT, WAIT, WAIT, 1_000_000_000, 1024, 16, 100, 256, WAIT);
    try (BootFixture server = BootFixture.start(data, greedy);
        RawClient slow = RawClient.connect(server.address(), null, 4096)) {
      publishLarge(server);
      slow.request("GET", KERNEL);
      long read = 0;
      byte[] buffer = new byte[8192];
      for (int n = 0; n >= 0; n = slow.stream().read(buffer)) {
        read += n;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      assertTrue(read < LARGE, "all was read");
    } catch (java.net.SocketException e) {
      assertEquals("Connection reset", e.getMessage());
    }
  }

  @Test
  void l_06_a_slow_but_honest_reader_gets_all_however_long_it_takes() throws IOException {
    try (BootFixture server = BootFixture.start(data, BootFixture.hasty(WAIT));
        RawClient slow = RawClient.connect(server.address(), null, 64 * 1024)) {
      publishLarge(server);
      long start = System.nanoTime();
      slow.request("GET", KERNEL);
      byte[] buffer = new byte[128 * 1024];
      for (int got = 0; got < LARGE; ) {
        int n = slow.stream().read(buffer);
        assertTrue(n > 0, "cut after " + got);
        got += n;
        LockSupport.parkNanos(n * 150L); // some 7 MB/s
      }
      long took = System.nanoTime() - start;
      assertTrue(took > 3 * WAIT.toNanos(), "too fast to show anything");
    }
  }

  @Test
  void l_04_one_address_has_so_many_places_and_loopback_has_all() {
    Places places = new Places(100, 16);
    java.net.InetAddress node = java.net.InetAddress.ofLiteral("192.0.2.1");
    for (int i = 0; i < 16; i++) {
      assertTrue(places.take(node));
    }
    assertFalse(places.take(node), "the 17th");
    assertTrue(places.take(java.net.InetAddress.ofLiteral("192.0.2.2")), "others have theirs");
    for (int i = 0; i < 40; i++) {
      assertTrue(places.take(java.net.InetAddress.getLoopbackAddress()));
    }
    places.giveBack(node);
    assertTrue(places.take(node));
  }

  @Test
  void l_04_a_connection_without_a_place_is_closed_and_the_place_comes_back() throws IOException {
    try (BootFixture server = BootFixture.start(data, places(2, 2, 100))) {
      try (RawClient one = RawClient.connect(server.address());
          RawClient two = RawClient.connect(server.address())) {
        assertEquals(200, one.request("GET", "/").read("GET").status());
        assertEquals(200, two.request("GET", "/").read("GET").status());
        try (RawClient three = RawClient.connect(server.address())) {
          assertTrue(three.isClosed());
        }
      }
      BootFixture.await("the places are free", () -> server.listener.openConnections() == 0);
      assertEquals(200, RawClient.get(server.address(), "/").status());
    }
  }

  @Test
  void a_connection_has_so_many_requests_and_says_which_is_the_last() throws IOException {
    try (BootFixture server = BootFixture.start(data, places(100, 16, 3));
        RawClient client = RawClient.connect(server.address())) {
      assertFalse(client.request("GET", "/").read("GET").has("Connection"));
      assertFalse(client.request("GET", "/").read("GET").has("Connection"));
      assertEquals("close", client.request("GET", "/").read("GET").header("Connection"));
      assertTrue(client.isClosed());
    }
  }

  @Test
  void l_07_connections_that_are_reset_leave_nothing_behind() throws IOException {
    try (BootFixture server = BootFixture.start(data)) {
      publishLarge(server);
      for (int i = 0; i < 500; i++) {
        try (RawClient client = RawClient.connect(server.address(), null, 4096)) {
          if (i % 2 == 0) {
            client.request("GET", KERNEL);
          }
          client.socket().setSoLinger(true, 0); // close by reset
        }
      }
      BootFixture.await("all places are free", () -> server.listener.openConnections() == 0);
      assertEquals(200, RawClient.get(server.address(), "/").status());
    }
  }

  @Test
  void a_port_in_use_is_told() throws IOException {
    try (BootFixture server = BootFixture.start(data);
        Listener second =
            new Listener(
                "second",
                new AdminConfig(server.address(), HttpLimits.DEFAULT, null),
                _ -> ErrorResponses.notFound(),
                () -> {},
                Bodies.NONE)) {
      RuntimeException e = assertThrows(RuntimeException.class, second::start);
      assertTrue(e.toString().contains(server.address().toString()), e.toString());
    }
  }
}
