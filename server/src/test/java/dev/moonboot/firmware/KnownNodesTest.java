package dev.moonboot.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Neighbours;
import dev.moonboot.node.Sighting;
import dev.moonboot.node.Sightings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownNodesTest {
  private static final MacAddress ONE = new MacAddress("52:54:00:e2:e0:05");
  private static final MacAddress OTHER = new MacAddress("52:54:00:e2:e0:06");
  private static final String ADDRESS = "10.77.0.141";

  @TempDir private Path folder;
  private final Sightings sightings = new Sightings();

  private KnownNodes nodes(String neighbours) throws IOException {
    Path table = Files.writeString(folder.resolve("arp"), "IP address\n" + neighbours);
    return new KnownNodes(sightings, new Neighbours(table, System::nanoTime));
  }

  private void saw(MacAddress mac) {
    sightings.note(new Sightings.Seen(mac, ADDRESS, "", "", "", "", ""));
  }

  @Test
  void a_node_that_only_asked_dhcp_for_an_address_is_not_taken_for_the_one_that_has_it()
      throws IOException {
    saw(ONE);
    saw(OTHER);
    KnownNodes nodes = nodes(ADDRESS + " 0x1 0x2 " + ONE + " * br0\n");
    assertEquals(Optional.of(ONE), nodes.at(ADDRESS));
  }

  /** Else anybody on the network could have a node told what is for another architecture. */
  @Test
  void who_says_that_he_is_another_is_not_believed_where_the_kernel_knows_him() throws IOException {
    KnownNodes nodes =
        nodes(ADDRESS + " 0x1 0x2 " + ONE + " * br0\n10.77.0.7 0x1 0x2 " + OTHER + " * br0\n");
    nodes.note(ONE, ADDRESS, Arch.ARM64);
    nodes.note(ONE, "10.77.0.7", Arch.AMD64);
    assertEquals(Optional.of(Arch.ARM64), nodes.arch(ONE));
    assertEquals(Optional.of(ADDRESS), nodes.seen(ONE).map(Sighting::address));
  }

  @Test
  void whom_the_kernel_does_not_know_is_known_by_what_it_showed() throws IOException {
    saw(OTHER);
    assertEquals(Optional.of(OTHER), nodes("").at(ADDRESS));
    assertEquals(Optional.empty(), nodes("").at("10.77.0.142"));
  }
}
