package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsCardinalityTest {
  private static final int A_CONNECTION = 90; // requests; some fewer than a connection may have

  @TempDir Path data;

  @Test
  void m_05_nodes_and_paths_nobody_knows_add_no_series() throws IOException {
    try (BootFixture server = BootFixture.start(data)) {
      Random random = new Random(5);
      ask(server, random, 2);
      long before = series(server);
      ask(server, random, 60);
      assertEquals(before, series(server));
    }
  }

  private static void ask(BootFixture server, Random random, int connections) throws IOException {
    for (int connection = 0; connection < connections; connection++) {
      try (RawClient client = RawClient.connect(server.address())) {
        for (int i = 0; i < A_CONNECTION; i++) {
          String mac =
              "52:54:%02x:%02x:%02x:%02x"
                  .formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256), i);
          String path =
              switch (i % 5) {
                case 0 -> "/ipxe?mac=" + mac + "&uuid=" + random.nextLong();
                case 1 -> "/grub?mac=" + mac + "&label" + random.nextInt() + "=x";
                case 2 -> "/generic?mac=" + mac + "&uuid=" + random.nextLong();
                case 3 -> "/metadata?mac=" + mac + "&label" + random.nextInt() + "=x";
                default -> "/assets/" + random.nextLong();
              };
          client.request("GET", path).read("GET");
        }
      }
    }
  }

  private static long series(BootFixture server) {
    return server.meters.scrape().lines().filter(line -> !line.startsWith("#")).count();
  }
}
