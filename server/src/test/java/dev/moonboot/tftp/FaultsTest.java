package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on our side ends one transfer at most, and leaves nothing open behind it. */
class FaultsTest {
  private static final String KERNEL = "talos/custom/vmlinuz-arm64";
  private static final byte[] BYTES = Served.bytes(5000, 1);

  @TempDir Path folder;

  private static boolean nothingRuns(Served served) {
    return served.uses.get() == 0
        && served.meters.scrape().contains("running{protocol=\"tftp\"} 0.0");
  }

  /** Somebody else has taken the port of requests after us, and lets nobody join. */
  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void a_transfer_has_a_port_of_its_own_where_it_cannot_have_the_shared_one(boolean epoll)
      throws IOException {
    try (var served = Served.over(new Sockets(epoll), folder);
        var intruder = DatagramChannel.open();
        var client = served.client()) {
      served.asset(KERNEL, BYTES);
      intruder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      intruder.bind(new InetSocketAddress("0.0.0.0", served.listener.address().getPort()));
      intruder.setOption(StandardSocketOptions.SO_REUSEADDR, false);
      assertArrayEquals(BYTES, client.fetch(KERNEL, "blksize", "1000"));
      Await.equal(true, () -> nothingRuns(served));
    }
  }

  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void where_no_socket_can_be_had_the_file_is_closed_and_who_asks_again_gets_it(boolean epoll)
      throws IOException {
    var failing = new AtomicBoolean(true);
    var sockets =
        new Sockets(
            epoll,
            () -> {
              if (failing.getAndSet(false)) {
                throw new ChannelException("Too many open files");
              }
            });
    try (var served = Served.over(sockets, folder);
        var client = served.client()) {
      served.asset(KERNEL, BYTES);
      assertArrayEquals(BYTES, client.fetch(KERNEL, "blksize", "1000"));
      Await.equal(true, () -> nothingRuns(served));
    }
  }

  @Test
  void a_fault_while_a_name_is_looked_up_is_told_and_takes_nobodys_place() throws IOException {
    try (var served = Served.in(folder)) {
      served.asset(KERNEL, BYTES);
      served.whenLookedUp(() -> {
        throw new IllegalStateException("broken");
      });
      for (int i = 0; i < 10; i++) { // more than one client may have at once
        try (var client = served.client()) {
          client.ask(KERNEL);
          assertEquals(2, client.failure().code());
        }
      }
      served.whenLookedUp(() -> {});
      try (var client = served.client()) {
        assertArrayEquals(BYTES, client.fetch(KERNEL));
      }
    }
  }

  /** A disk that does not answer: who stops the service does not wait for it. */
  @Test
  void a_look_up_that_hangs_does_not_keep_the_listener_from_ending() throws Exception {
    var asked = new CountDownLatch(1);
    var answers = new CountDownLatch(1);
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, BYTES);
      served.whenLookedUp(() -> {
        asked.countDown();
        wait(answers);
      });
      client.ask(KERNEL);
      wait(asked);
      assertEndsBefore(answers, served);
    }
  }

  /** As when a file is read from such a disk, which is done on the event loop. */
  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void an_event_loop_that_hangs_does_not_keep_the_listener_from_ending(boolean epoll)
      throws Exception {
    var hangs = new CountDownLatch(1);
    var answers = new CountDownLatch(1);
    var sockets =
        new Sockets(
            epoll,
            () -> {
              hangs.countDown();
              wait(answers);
            });
    try (var served = Served.over(sockets, folder);
        var client = served.client()) {
      served.asset(KERNEL, BYTES);
      client.ask(KERNEL);
      wait(hangs);
      assertEndsBefore(answers, served);
    }
  }

  /** That the listener ends though what it waits for does not come, and nothing stays open. */
  private static void assertEndsBefore(CountDownLatch answers, Served served)
      throws InterruptedException {
    Thread closing =
        Thread.ofPlatform()
            .name("test-closing")
            .start(() -> served.listener.close(Duration.ofMillis(100)));
    boolean ended = closing.join(Duration.ofSeconds(20));
    answers.countDown();
    closing.join();
    assertTrue(ended);
    Await.equal(0, served.uses::get);
  }

  private static void wait(CountDownLatch what) {
    try {
      assertTrue(what.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Sockets that rest are closed early when there are many, but not that of who asks. */
  @Test
  void who_asks_again_is_not_the_one_that_makes_room() throws IOException {
    try (var served =
            Served.in(
                folder, c -> new TftpConfig(c.listen(), true, 1, 1, 512, 1, c.allowedNets()));
        var first = served.client();
        var second = served.client()) {
      served.asset(KERNEL, new byte[7]);
      for (TestClient client : new TestClient[] {first, second, first}) {
        client.ask(KERNEL);
        assertEquals(1, client.data().block());
        client.ack(1);
        Await.equal(true, () -> nothingRuns(served));
      }
      assertTrue(nothingRuns(served));
    }
  }
}
