package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.node.NetRange;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TftpConfigTest {
  private final ConfigProblems problems = new ConfigProblems();

  private Optional<TftpConfig> read(Map<String, String> values) {
    return TftpConfig.read(ConfigReader.of(values, problems));
  }

  @Test
  void unset_means_the_usual() {
    assertEquals(Optional.of(TftpConfig.at(new InetSocketAddress(69))), read(Map.of()));
  }

  @Test
  void switched_off_means_none() {
    assertEquals(Optional.empty(), read(Map.of("enabled", "false")));
  }

  @Test
  void every_key_is_read() {
    TftpConfig config =
        read(Map.of(
                "address", "10.0.0.1:6969",
                "single-port", "false",
                "transfers", "100",
                "transfers-per-client", "3",
                "block-size", "1024",
                "window-size", "4",
                "allowed-nets", "10.0.0.0/8"))
            .orElseThrow();
    assertEquals(
        "10.0.0.1:6969", config.listen().getHostString() + ":" + config.listen().getPort());
    assertEquals(
        List.of(100, 3, 1024, 4),
        List.of(
            config.transfers(),
            config.transfersPerClient(),
            config.blockSize(),
            config.windowSize()));
    assertEquals(
        List.of("10.0.0.0/8"), config.allowedNets().stream().map(NetRange::toString).toList());
    assertEquals(false, config.singlePort());
  }

  @Test
  void what_is_out_of_range_is_a_problem_and_no_crash() {
    assertTrue(
        read(Map.of("block-size", "70000", "transfers", "0", "window-size", "-1")).isPresent());
    assertEquals(3, problems.all().size(), problems::toString);
  }

  @Test
  void a_value_out_of_range_is_refused_in_code() {
    TftpConfig usual = TftpConfig.at(new InetSocketAddress(0));
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new TftpConfig(usual.listen(), true, 10, 11, 1468, 16, List.of()));
    assertEquals("transfersPerClient is 11 and must be from 1 to 10", error.getMessage());
  }
}
