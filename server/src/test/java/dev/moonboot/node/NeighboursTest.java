package dev.moonboot.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursTest {
  private static final String TABLE =
      """
      IP address       HW type     Flags       HW address            Mask     Device
      10.77.0.141      0x1         0x2         52:54:00:e2:e0:01     *        br0
      10.77.0.142      0x1         0x0         00:00:00:00:00:00     *        br0
      10.77.0.143      0x1         0x6         52:54:00:e2:e0:03     *        br0
      10.77.0.144      0x1         0x0         52:54:00:e2:e0:04     *        br0
      10.77.0.145      0x1         0x2         00:00:00:00:00:00     *        br0
      nonsense
      """;

  @Test
  void who_the_kernel_has_heard_is_known(@TempDir Path folder) throws IOException {
    Path table = Files.writeString(folder.resolve("arp"), TABLE);
    var neighbours = new Neighbours(table, new AtomicLong()::get);
    assertEquals(Optional.of(new MacAddress("52:54:00:e2:e0:01")), neighbours.at("10.77.0.141"));
    assertEquals(Optional.of(new MacAddress("52:54:00:e2:e0:03")), neighbours.at("10.77.0.143"));
    for (String unknown : new String[] {"10.77.0.142", "10.77.0.144", "10.77.0.145", "::1"}) {
      assertEquals(Optional.empty(), neighbours.at(unknown), unknown);
    }
  }

  @Test
  void the_table_is_read_at_most_once_a_second(@TempDir Path folder) throws IOException {
    Path table = Files.writeString(folder.resolve("arp"), "IP address\n");
    var now = new AtomicLong();
    var neighbours = new Neighbours(table, now::get);
    assertEquals(Optional.empty(), neighbours.at("10.77.0.141"));
    Files.writeString(table, TABLE);
    now.set(999_999_999);
    assertEquals(Optional.empty(), neighbours.at("10.77.0.141"));
    now.set(1_000_000_000);
    assertEquals(Optional.of(new MacAddress("52:54:00:e2:e0:01")), neighbours.at("10.77.0.141"));
  }

  @Test
  void without_a_table_nobody_is_known(@TempDir Path folder) {
    assertEquals(
        Optional.empty(),
        new Neighbours(folder.resolve("none"), System::nanoTime).at("10.77.0.141"));
  }
}
