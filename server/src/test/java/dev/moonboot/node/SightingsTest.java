package dev.moonboot.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.node.Sightings.Seen;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SightingsTest {
  private static final MacAddress A = new MacAddress("52:54:00:00:00:0a");
  private static final MacAddress B = new MacAddress("52:54:00:00:00:0b");
  private static final MacAddress C = new MacAddress("52:54:00:00:00:0c");

  private Instant now = Instant.ofEpochSecond(1000);
  private final Sightings sightings = new Sightings(2, () -> now);

  private void note(MacAddress mac, String address, String serial) {
    sightings.note(new Seen(mac, address, "", serial, "", "", ""));
    now = now.plusSeconds(1);
  }

  @Test
  void what_was_known_stays_where_nothing_is_said() {
    sightings.note(new Seen(A, "", "uuid", "91cdf03d", "Raspberry Pi 4", "arm64", "raspberry-pi"));
    now = now.plusSeconds(5);
    sightings.note(new Seen(A, "10.0.0.7", "", "", "", "", "ipxe"));
    Sighting expected =
        new Sighting(
            A,
            "10.0.0.7",
            "uuid",
            "91cdf03d",
            "Raspberry Pi 4",
            "arm64",
            "ipxe",
            Instant.ofEpochSecond(1000),
            Instant.ofEpochSecond(1005));
    assertEquals(Optional.of(expected), sightings.byMac(A));
    assertEquals(Optional.of(expected), sightings.byAddress("10.0.0.7"));
    assertEquals(Optional.of(expected), sightings.bySerial("91cdf03d"));
    assertEquals(Optional.of(expected), sightings.byUuid("uuid"));
  }

  @Test
  void a_uuid_of_before_means_nobody() {
    sightings.note(new Seen(A, "", "one", "", "", "", ""));
    sightings.note(new Seen(A, "", "other", "", "", "", ""));
    assertEquals(Optional.empty(), sightings.byUuid("one"));
    assertEquals(A, sightings.byUuid("other").orElseThrow().mac());
  }

  @Test
  void an_address_belongs_to_whom_it_was_seen_with_last() {
    note(A, "10.0.0.7", "");
    note(B, "10.0.0.7", "");
    assertEquals(B, sightings.byAddress("10.0.0.7").orElseThrow().mac());
    note(B, "10.0.0.8", "");
    assertEquals(Optional.empty(), sightings.byAddress("10.0.0.7"));
    assertEquals(B, sightings.byAddress("10.0.0.8").orElseThrow().mac());
  }

  @Test
  void who_was_not_seen_for_longest_is_forgotten() {
    note(A, "10.0.0.1", "a");
    note(B, "10.0.0.2", "b");
    note(A, "", "");
    note(C, "10.0.0.3", "c");
    assertEquals(List.of(C, A), sightings.all().stream().map(Sighting::mac).toList());
    assertEquals(Optional.empty(), sightings.byAddress("10.0.0.2"));
    assertEquals(Optional.empty(), sightings.bySerial("b"));
    assertEquals(Optional.empty(), sightings.byMac(B));
  }

  @Test
  void long_texts_are_cut() {
    note(A, "", "x".repeat(1000));
    assertEquals(128, sightings.byMac(A).orElseThrow().serial().length());
  }

  @Test
  void nobody_is_found_by_an_empty_text() {
    note(A, "", "");
    assertEquals(Optional.empty(), sightings.byAddress(""));
    assertEquals(Optional.empty(), sightings.bySerial(""));
  }
}
