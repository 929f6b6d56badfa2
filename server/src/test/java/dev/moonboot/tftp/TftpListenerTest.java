package dev.moonboot.tftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.firmware.Loaders;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.NetRange;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.testing.LogCapture;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The listener over loopback. */
class TftpListenerTest {
  private static final Duration MOMENT = Duration.ofMillis(150);
  private static final String KERNEL = "talos/custom/vmlinuz-arm64";

  @TempDir Path folder;

  private static String payload(TftpPacket.Data data) {
    return UTF_8.decode(data.payload()).toString();
  }

  private static TftpConfig with(
      TftpConfig base, boolean singlePort, int transfers, int perClient) {
    return new TftpConfig(
        base.listen(),
        singlePort,
        transfers,
        perClient,
        base.blockSize(),
        base.windowSize(),
        base.allowedNets());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 512, 1",
    "512, 512, 1",
    "1468, 1468, 1",
    "3000, 512, 1",
    "14680, 1468, 4",
    "20000000, 1468, 16",
    "3000000, 8, 16",
    "2936000, 1468, 1"
  })
  void t_12_sends_every_byte_of_a_file(int size, int blockSize, int window) throws IOException {
    byte[] bytes = Served.bytes(size, size);
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, bytes);
      assertArrayEquals(
          bytes, client.fetch(KERNEL, "blksize", "" + blockSize, "windowsize", "" + window));
    }
  }

  @Test
  void t_12_goes_past_block_65535_without_options() throws IOException {
    byte[] bytes = Served.bytes(65_540 * 512, 3);
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, bytes);
      assertArrayEquals(bytes, client.fetch(KERNEL));
    }
  }

  @Test
  void a_port_per_transfer_works_as_well() throws IOException {
    byte[] bytes = Served.bytes(1_000_000, 4);
    try (var served = Served.in(folder, c -> with(c, false, 256, 8));
        var client = served.client()) {
      served.asset(KERNEL, bytes);
      client.ask(KERNEL, "tsize", "0");
      var oack = client.receive();
      assertTrue(oack.from().getPort() != served.listener.address().getPort());
      client.error(0, "Early terminate");
      assertArrayEquals(bytes, client.fetch(KERNEL, "blksize", "1468", "windowsize", "4"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../canary",
        "../canary",
        "/etc/passwd",
        "..\\..\\canary",
        "C:\\canary",
        "\u001b[31m\r\ncanary",
        "",
        "loaders/../../canary"
      })
  void t_01_no_name_leads_out_of_the_tree(String name) throws IOException {
    Files.writeString(folder.resolve("canary"), "canary");
    try (var log = new LogCapture(TftpListener.class);
        var served = Served.in(folder);
        var client = served.client()) {
      client.ask(name);
      var answer = client.receive();
      Failure failure = (Failure) answer.packet();
      assertTrue(failure.code() == 1 || failure.code() == 2, failure::toString);
      assertTrue(answer.bytes() <= 64, answer::toString);
      assertEquals(
          List.of(),
          log.messages(Level.ALL).stream()
              .filter(m -> m.chars().anyMatch(Character::isISOControl))
              .toList());
    }
  }

  @Test
  void t_02_a_write_is_refused_and_counted() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      byte[] request = TestClient.rrq("new", "octet");
      request[1] = 2;
      client.toRequestPort(request);
      assertEquals(2, client.failure().code());
      assertTrue(client.hearsNothing(MOMENT));
      assertFalse(Files.exists(folder.resolve("loaders/new")));
      assertTrue(
          served.meters.scrape().contains("moonboot_tftp_refused_total{reason=\"write\"} 1.0"),
          served.meters::scrape);
    }
  }

  @Test
  void t_03_rubbish_leaves_the_loop_alive_and_the_log_quiet() throws IOException {
    byte[] bytes = Served.bytes(5000, 5);
    try (var log = new LogCapture(TftpListener.class);
        var served = Served.in(folder);
        var rubbish = served.client();
        var client = served.client()) {
      served.asset(KERNEL, bytes);
      for (byte[] packet :
          List.of(
              new byte[0],
              new byte[1],
              new byte[3],
              new byte[] {0, 7, 1, 1},
              new byte[] {(byte) 255, (byte) 255},
              new byte[60_000],
              new byte[] {0, 5, 0, 0},
              new byte[] {0, 1, 'x'},
              TestClient.rrq("x".repeat(60_000), "octet"))) {
        rubbish.toRequestPort(packet);
      }
      assertArrayEquals(bytes, client.fetch(KERNEL));
      assertEquals(List.of(), log.messages(Level.WARNING));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail", "netascii", "binary"})
  void t_13_any_mode_but_octet_is_an_error(String mode) throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, new byte[] {10, 13, 10});
      client.toRequestPort(TestClient.rrq(KERNEL, mode));
      assertEquals(new Failure(4, "mode octet only"), client.failure());
    }
  }

  @Test
  void t_05_the_size_is_that_of_the_release_at_the_request() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client();
        var later = served.client()) {
      served.asset(KERNEL, new byte[0]);
      client.ask(KERNEL, "tsize", "0");
      assertEquals(new Oack(List.of(new Option("tsize", "0"))), client.oack());
      served.asset(KERNEL, new byte[700]);
      later.ask(KERNEL, "tsize", "0");
      assertEquals(new Oack(List.of(new Option("tsize", "700"))), later.oack());
    }
  }

  @Test
  void t_15_a_transfer_ends_with_the_bytes_it_began_with() throws IOException {
    byte[] old = Served.bytes(700, 6);
    try (var served = Served.in(folder);
        var client = served.client();
        var later = served.client()) {
      Path file = served.asset(KERNEL, old);
      client.ask(KERNEL);
      var first = client.data();
      byte[] fresh = Served.bytes(900, 7);
      served.asset(KERNEL, fresh);
      Files.delete(file);
      client.ack(1);
      var second = client.data();
      client.ack(2);
      ByteBuffer got = ByteBuffer.allocate(700).put(first.payload()).put(second.payload());
      assertArrayEquals(old, got.array());
      assertArrayEquals(fresh, later.fetch(KERNEL));
    }
  }

  @Test
  void t_07_a_stranger_gets_error_5_and_the_transfer_goes_on() throws IOException {
    byte[] bytes = Served.bytes(1200, 8);
    try (var served = Served.in(folder);
        var client = served.client();
        var stranger = served.client()) {
      served.asset(KERNEL, bytes);
      client.ask(KERNEL);
      assertEquals(1, client.data().block());
      stranger.toRequestPort(TestClient.ackPacket(1));
      assertEquals(5, stranger.failure().code());
      assertTrue(client.hearsNothing(MOMENT));
      client.ack(1);
      assertEquals(2, client.data().block());
      client.ack(2);
      assertEquals(3, client.data().block());
      client.ack(3);
    }
  }

  @Test
  void t_10_forged_requests_are_answered_by_little_and_forgotten() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, Served.bytes(100_000, 9));
      client.ask(KERNEL);
      int bytes = 0;
      long asked = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        bytes += client.receive().bytes();
      }
      Await.equal(true, () -> served.meters.scrape().contains("running{protocol=\"tftp\"} 0.0"));
      assertTrue(Duration.ofNanos(System.nanoTime() - asked).toMillis() < 8000);
      assertTrue(client.hearsNothing(MOMENT));
      assertTrue(bytes <= 1600, "sent " + bytes + " bytes");
    }
  }

  @Test
  void t_17_closing_takes_nothing_new_and_lets_transfers_finish() throws Exception {
    byte[] bytes = Served.bytes(700, 10);
    try (var served = Served.in(folder);
        var client = served.client();
        var late = served.client()) {
      served.asset(KERNEL, bytes);
      client.ask(KERNEL);
      assertEquals(1, client.data().block());
      Thread closing =
          Thread.ofPlatform().start(() -> served.listener.close(Duration.ofSeconds(20)));
      Await.equal(false, served.listener::isOpen);
      late.ask(KERNEL);
      assertTrue(late.hearsNothing(MOMENT));
      client.ack(1);
      assertEquals(2, client.data().block());
      client.ack(2);
      long before = System.nanoTime();
      closing.join();
      assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 10);
    }
  }

  @Test
  void t_17_a_transfer_that_does_not_finish_is_cut_off() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, Served.bytes(700, 10));
      client.ask(KERNEL);
      assertEquals(1, client.data().block());
      long before = System.nanoTime();
      served.listener.close(Duration.ofMillis(300));
      assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 10);
    }
  }

  @Test
  void t_18_a_source_outside_the_allowed_nets_hears_nothing() throws IOException {
    try (var served =
            Served.in(
                folder,
                c ->
                    new TftpConfig(
                        c.listen(),
                        true,
                        256,
                        8,
                        1468,
                        16,
                        List.of(NetRange.parse("127.0.0.2/32"))));
        var outside = served.client();
        var inside = TestClient.at("127.0.0.2", outside.server())) {
      served.asset(KERNEL, new byte[1]);
      outside.ask(KERNEL);
      byte[] write = TestClient.rrq("x", "octet");
      write[1] = 2;
      outside.toRequestPort(write);
      assertTrue(outside.hearsNothing(MOMENT));
      assertArrayEquals(new byte[1], inside.fetch(KERNEL));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void t_19_a_port_unreachable_frees_the_transfer_at_once(boolean singlePort) throws IOException {
    try (var log = new LogCapture(TftpListener.class);
        var served = Served.in(folder, c -> with(c, singlePort, 256, 8))) {
      served.asset(KERNEL, Served.bytes(5000, 11));
      try (var client = served.client()) {
        client.ask(KERNEL, "blksize", "1000");
        assertEquals(List.of(new Option("blksize", "1000")), client.oack().options());
        client.ack(0);
      } // the data that follows finds nobody
      Await.equal(true, () -> served.meters.scrape().contains("running{protocol=\"tftp\"} 0.0"));
      Await.equal(
          1L,
          () ->
              log.messages(Level.INFO).stream().filter(m -> m.contains("result=unreach")).count());
      assertEquals(List.of(), log.messages(Level.WARNING));
    }
  }

  @Test
  void a_request_sent_twice_is_answered_twice_but_is_one_transfer() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, "short".getBytes(UTF_8));
      client.ask(KERNEL);
      assertEquals("short", payload(client.data()));
      client.ask(KERNEL);
      assertEquals("short", payload(client.data()));
      client.ack(1);
      assertTrue(client.hearsNothing(MOMENT));
      assertTrue(served.meters.scrape().contains("bytes_total{protocol=\"tftp\"} 5.0"));
    }
  }

  @Test
  void another_request_from_the_same_port_supersedes_the_first() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, Served.bytes(5000, 12));
      served.asset("other", "other".getBytes(UTF_8));
      client.ask(KERNEL, "blksize", "1000");
      client.oack();
      client.ack(0);
      assertEquals(1, client.data().block());
      client.ask("other");
      assertEquals("other", payload(client.data()));
      client.ack(1);
      client.ack(1); // a late one is no reason for an error
      assertTrue(client.hearsNothing(MOMENT));
    }
  }

  @Test
  void a_missing_file_is_error_1_at_once_also_from_the_port_of_a_transfer() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, "short".getBytes(UTF_8));
      served.answer("talos/new/vmlinuz-arm64", new AssetLookup.NotReady("new"));
      client.ask("nothing");
      assertEquals(new Failure(1, "file not found"), client.failure());
      client.ask(KERNEL);
      client.data();
      client.ack(1);
      client.ask("nothing");
      assertEquals(new Failure(1, "file not found"), client.failure());
      client.ask("talos/new/vmlinuz-arm64");
      assertEquals(new Failure(1, "no release of new yet"), client.failure());
    }
  }

  @Test
  void one_client_has_its_share_of_transfers_and_no_more() throws IOException {
    try (var served = Served.in(folder, c -> with(c, true, 4, 2));
        var first = served.client();
        var second = served.client();
        var third = served.client()) {
      served.asset(KERNEL, Served.bytes(5000, 13));
      for (TestClient client : List.of(first, second)) {
        client.ask(KERNEL, "windowsize", "2");
        client.oack();
        client.ack(0);
        assertEquals(1, client.data().block());
        assertEquals(2, client.data().block());
      }
      third.ask(KERNEL);
      assertTrue(third.hearsNothing(MOMENT)); // both others are alive
      second.error(0, "gone");
      Await.equal(true, () -> served.meters.scrape().contains("running{protocol=\"tftp\"} 1.0"));
      third.ask(KERNEL);
      assertEquals(1, third.data().block());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void works_without_epoll(int window) throws IOException {
    byte[] bytes = Served.bytes(1_000_000, 16);
    try (var log = new LogCapture(TftpListener.class);
        var served = Served.withoutEpoll(folder)) {
      served.asset(KERNEL, bytes);
      try (var client = served.client()) {
        client.ask("nothing");
        assertEquals(new Failure(1, "file not found"), client.failure());
        assertArrayEquals(
            bytes, client.fetch(KERNEL, "blksize", "1468", "windowsize", "" + window));
        client.ask(KERNEL);
        client.data();
        client.ack(1);
      }
      Await.equal(true, () -> served.meters.scrape().contains("running{protocol=\"tftp\"} 0.0"));
      assertEquals(List.of(), log.messages(Level.WARNING));
    }
  }

  @Test
  void t_02_a_write_from_the_port_of_a_transfer_is_refused_too() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, Served.bytes(700, 17));
      client.ask(KERNEL);
      assertEquals(1, client.data().block());
      byte[] write = TestClient.rrq("new", "octet");
      write[1] = 2;
      client.toRequestPort(write);
      assertEquals(2, client.failure().code());
      client.ack(1);
      assertEquals(2, client.data().block());
      client.ack(2);
    }
  }

  @Test
  void a_port_that_is_taken_is_told() {
    try (var served = Served.in(folder)) {
      var config = TftpConfig.at(served.listener.address());
      var error =
          assertThrows(
              TftpException.class,
              () ->
                  TftpListener.open(
                      config,
                      new TftpTree(
                          (_, _) -> Optional.empty(),
                          Loaders.of(folder),
                          (_, _) -> new AssetLookup.NotOurs()),
                      new Meters(),
                      new BootLog()));
      assertTrue(error.toString().contains("Address already in use"), error::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
  void listening_everywhere_answers_from_the_address_asked(String address) throws IOException {
    var everywhere = new InetSocketAddress(InetAddress.ofLiteral("::"), 0);
    try (var served =
            Served.in(folder, c -> new TftpConfig(everywhere, true, 256, 8, 1468, 16, List.of()));
        var client =
            TestClient.at(
                address.contains(":") ? "::1" : "127.0.0.9",
                new InetSocketAddress(
                    InetAddress.ofLiteral(address), served.listener.address().getPort()))) {
      served.asset(KERNEL, "short".getBytes(UTF_8));
      client.ask("nothing");
      var missing = client.receive();
      assertEquals(new Failure(1, "file not found"), missing.packet());
      assertEquals(client.server(), missing.from());
      client.ask(KERNEL);
      var data = client.receive();
      assertEquals(client.server(), data.from());
      client.ack(1);
    }
  }
}
