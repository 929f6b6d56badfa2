package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.LogCapture;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What firmware does that other servers have stumbled over. */
class FirmwareHabitsTest {
  private static final String KERNEL = "talos/custom/vmlinuz-arm64";
  private static final int CLIENTS = 40;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void edk2_aborts_a_look_at_the_size_and_asks_again_from_the_same_port(boolean singlePort)
      throws IOException {
    byte[] bytes = Served.bytes(100_000, 21);
    try (var log = new LogCapture(TftpListener.class);
        var served = Served.in(folder, c -> with(c, singlePort));
        var client = served.client()) {
      served.asset(KERNEL, bytes);
      client.ask(KERNEL, "tsize", "0", "blksize", "1468", "windowsize", "4");
      assertEquals(
          new Oack(
              List.of(
                  new Option("tsize", "100000"),
                  new Option("blksize", "1468"),
                  new Option("windowsize", "4"))),
          client.oack());
      client.error(8, "User aborted the transfer");
      assertArrayEquals(bytes, client.fetch(KERNEL, "blksize", "1468", "windowsize", "4"));
      assertEquals(List.of(), log.messages(Level.WARNING));
    }
  }

  /** Each has a socket of its own on the port that all share. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void forty_clients_at_once_share_one_port(int window) throws Exception {
    byte[] bytes = Served.bytes(300_000, 22);
    try (var served = Served.in(folder);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      served.asset(KERNEL, bytes);
      List<Future<byte[]>> all = new ArrayList<>();
      for (int i = 1; i <= CLIENTS; i++) {
        String from = "127.0.3." + i;
        all.add(
            threads.submit(() -> {
              try (var client = TestClient.at(from, served.listener.address())) {
                return client.fetch(KERNEL, "blksize", "1468", "windowsize", "" + window);
              }
            }));
      }
      for (Future<byte[]> one : all) {
        assertArrayEquals(bytes, one.get());
      }
    }
  }

  @Test
  void an_empty_file_has_a_size_too() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset(KERNEL, new byte[0]);
      client.ask(KERNEL, "tsize", "0", "blksize", "1468");
      assertEquals(
          List.of(new Option("tsize", "0"), new Option("blksize", "1468")),
          client.oack().options());
      client.ack(0);
      assertEquals(0, client.data().payload().remaining());
      client.ack(1);
    }
  }

  private static TftpConfig with(TftpConfig base, boolean singlePort) {
    return new TftpConfig(
        base.listen(),
        singlePort,
        base.transfers(),
        base.transfersPerClient(),
        base.blockSize(),
        base.windowSize(),
        base.allowedNets());
  }
}
