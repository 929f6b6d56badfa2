package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.tftp.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TFTP of the packaged server, flooded, and told to end. */
class TftpStressIT {
  private static final String KERNEL = FilledCache.KERNEL.substring(1);
  private static final String INITRAMFS = FilledCache.INITRAMFS.substring(1);
  private static final int SOURCES = 200;
  private static final int PER_SECOND = 5000;
  private static final Duration FLOOD = Duration.ofSeconds(10);
  private static final int MOST_TRANSFERS = 256;
  private static final long MOST_GROWTH = 24 << 20;

  @TempDir Path work;

  private ServerProcess serving(FilledCache filled) throws IOException {
    String listeners = "http: {address: \"127.0.0.1:0\"}\ntftp: {address: \"127.0.0.1:0\"}\n";
    return ServerProcess.start(filled.config("127.0.0.1:1", listeners), List.of(), Map.of())
        .serving();
  }

  /** Two rounds of the same flood, because the first fills pools that stay. */
  @Test
  void t_14_nodes_boot_while_200_sources_send_5000_requests_a_second() throws Exception {
    FilledCache filled = FilledCache.in(work);
    try (var server = serving(filled);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      byte[] kernel = server.body(FilledCache.KERNEL);
      byte[] initramfs = server.body(FilledCache.INITRAMFS);
      long[] memory = new long[2];
      for (int round = 0; round < memory.length; round++) {
        long end = System.nanoTime() + FLOOD.toNanos();
        Future<Integer> flood = threads.submit(() -> flood(server.tftpPort(), end));
        List<Future<Integer>> nodes = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
          String from = "127.2.0." + i;
          nodes.add(threads.submit(() -> boots(server, from, end, List.of(kernel, initramfs))));
        }
        while (!flood.isDone()) {
          assertTrue(transfers(server) <= MOST_TRANSFERS, "more transfers than allowed");
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        assertTrue(flood.get() >= FLOOD.toSeconds() * PER_SECOND, () -> "the flood was none");
        for (Future<Integer> node : nodes) {
          assertTrue(node.get() > 0, "a node did not boot");
        }
        server.await("no transfer left", Duration.ofSeconds(30), () -> transfers(server) == 0);
        memory[round] = anonymousBytes(server);
      }
      assertTrue(
          memory[1] - memory[0] < MOST_GROWTH,
          () -> "it grew from %,d to %,d bytes".formatted(memory[0], memory[1]));
    }
  }

  @Test
  void t_17_on_sigterm_five_transfers_finish_and_nothing_new_begins() throws Exception {
    FilledCache filled = FilledCache.in(work);
    try (var server = serving(filled);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      byte[] kernel = server.body(FilledCache.KERNEL);
      int port = server.tftpPort();
      var begun = new CountDownLatch(5);
      var told = new CountDownLatch(1);
      Callable<byte[]> fetch =
          () -> {
            try (var client = client("127.0.0.1", port)) {
              return client.fetch(
                  KERNEL,
                  () -> {
                    begun.countDown();
                    await(told);
                  });
            }
          };
      List<Future<byte[]>> running = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        running.add(threads.submit(fetch));
      }
      await(begun);
      long asked = System.nanoTime();
      server.signal("TERM");
      server.await("a closed port", Duration.ofSeconds(5), () -> isUnreachable(port));
      told.countDown();
      for (Future<byte[]> transfer : running) {
        assertArrayEquals(kernel, transfer.get());
      }
      assertEquals(143, server.exit(Duration.ofSeconds(25)));
      long took = Duration.ofNanos(System.nanoTime() - asked).toSeconds();
      assertTrue(took < 25, "it took " + took + " s");
    }
  }

  private static TestClient client(String from, int port) throws IOException {
    return TestClient.at(from, address(port));
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "it did not happen");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether ICMP says that nobody takes requests there. */
  private static boolean isUnreachable(int port) {
    try (var channel = DatagramChannel.open()) {
      channel.connect(address(port));
      channel.configureBlocking(false);
      channel.write(ByteBuffer.wrap("\0\1nothing\0octet\0".getBytes(ISO_8859_1)));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      channel.read(ByteBuffer.allocate(100));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** How many requests it sent until {@code end}, from sources that never answer. */
  private static int flood(int port, long end) throws IOException {
    byte[] rrq = ("\0\1" + KERNEL + "\0octet\0blksize\0001468\0").getBytes(ISO_8859_1);
    List<DatagramChannel> sources = new ArrayList<>();
    int asked = 0;
    try {
      for (int i = 1; i <= SOURCES; i++) {
        DatagramChannel source = DatagramChannel.open();
        sources.add(source);
        source.bind(new InetSocketAddress(InetAddress.ofLiteral("127.1.0." + i), 0));
      }
      long begin = end - FLOOD.toNanos();
      while (asked < FLOOD.toSeconds() * PER_SECOND) {
        long due = (System.nanoTime() - begin) * PER_SECOND / TimeUnit.SECONDS.toNanos(1);
        for (; asked < due; asked++) {
          sources.get(asked % SOURCES).send(ByteBuffer.wrap(rrq), address(port));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    } finally {
      for (DatagramChannel source : sources) {
        source.close();
      }
    }
    return asked;
  }

  /** How often a node booted until {@code end}: script by HTTP, kernel and initramfs by TFTP. */
  private static int boots(ServerProcess server, String from, long end, List<byte[]> files)
      throws IOException {
    int boots = 0;
    do {
      String script = new String(server.body("/ipxe?arch=amd64"), ISO_8859_1);
      assertTrue(script.contains("/sha256-"), script);
      // from a port of its own each, as firmware does
      try (var client = client(from, server.tftpPort())) {
        assertArrayEquals(files.get(0), client.fetch(KERNEL, "blksize", "1468", "windowsize", "4"));
      }
      try (var client = client(from, server.tftpPort())) {
        assertArrayEquals(files.get(1), client.fetch(INITRAMFS, "blksize", "1432", "tsize", "0"));
      }
      boots++;
    } while (System.nanoTime() < end);
    return boots;
  }

  private static int transfers(ServerProcess server) {
    try {
      return Pattern.compile("moonboot_transfers_running\\{protocol=\"tftp\"} (\\d+)")
          .matcher(server.admin("/metrics"))
          .results()
          .findFirst()
          .map((MatchResult found) -> Integer.parseInt(found.group(1)))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long anonymousBytes(ServerProcess server) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
            .filter(line -> line.startsWith("RssAnon:"))
            .map(line -> line.replaceAll("\\D", ""))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElseThrow()
        * 1024;
  }
}
