package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the network does, what arrives is what was sent. */
class LossyNetworkTest {
  private static final String KERNEL = "talos/custom/vmlinuz-arm64";

  @TempDir Path folder;

  /** The clients differ in window; the weather in seed, loss, doubling and delay. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0.02, 0.02, 1, true",
    "2, 1, 0.05, 0.10, 3, true",
    "3, 1, 0.02, 0.05, 2, false",
    "4, 4, 0.02, 0.02, 1, true",
    "5, 4, 0.05, 0.10, 3, true",
    "6, 16, 0.01, 0.02, 1, true",
    "7, 16, 0.05, 0.10, 3, true",
    "8, 16, 0.03, 0.05, 2, false",
    "9, 16, 0.00, 0.50, 5, true"
  })
  void a_bad_network_changes_no_byte(
      long seed, int window, double loss, double doubled, int delayMillis, boolean singlePort)
      throws IOException {
    byte[] bytes = Served.bytes(120_000, seed);
    var weather = new LossyRelay.Weather(loss, doubled, delayMillis * 1_000_000L, seed);
    try (var served =
            Served.in(
                folder,
                c -> new TftpConfig(c.listen(), singlePort, 256, 8, 1468, 16, c.allowedNets()));
        var relay = new LossyRelay(served.listener, weather);
        var client = TestClient.at("127.0.0.1", relay.address())) {
      served.asset(KERNEL, bytes);
      assertArrayEquals(
          bytes, client.fetch(KERNEL, "blksize", "1024", "tsize", "0", "windowsize", "" + window));
    }
  }
}
