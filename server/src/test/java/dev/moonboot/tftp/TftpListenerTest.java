package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TftpListenerTest {
  @TempDir Path folder;

  @Test
  void sends_an_asset_without_options() throws IOException {
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset("talos/custom/vmlinuz-arm64", Served.bytes(3000, 1));
      assertArrayEquals(Served.bytes(3000, 1), client.fetch("talos/custom/vmlinuz-arm64"));
    }
  }

  @Test
  void sends_a_large_asset_in_windows() throws IOException {
    byte[] bytes = Served.bytes(20_000_000, 2);
    try (var served = Served.in(folder);
        var client = served.client()) {
      served.asset("talos/custom/vmlinuz-arm64", bytes);
      assertArrayEquals(
          bytes,
          client.fetch(
              "/assets/talos/custom/vmlinuz-arm64", "blksize", "1468", "windowsize", "64"));
    }
  }
}
