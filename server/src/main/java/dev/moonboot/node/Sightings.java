package dev.moonboot.node;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that were seen since the start, by hardware address, address, serial number and UUID.
 * Holds so many and forgets who was not seen for longest. In memory only.
 */
public final class Sightings {
  /** How many nodes are remembered. */
  public static final int MOST = 4096;

  private static final int LONGEST = 128;

  private final int most;
  private final InstantSource clock;
  private final LinkedHashMap<MacAddress, Sighting> byMac = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, MacAddress> byAddress = new HashMap<>();
  private final Map<String, MacAddress> bySerial = new HashMap<>();
  private final Map<String, MacAddress> byUuid = new HashMap<>();

  public Sightings() {
    this(MOST, InstantSource.system());
  }

  Sightings(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
  }

  /**
   * What was seen of a node now; an empty text says nothing, and what was known stays.
   *
   * <p>An address, serial number or UUID that two nodes show belongs to the one that showed it
   * last.
   */
  public record Seen(
      MacAddress mac,
      String address,
      String uuid,
      String serial,
      String product,
      String arch,
      String firmware) {}

  /** A node was seen. */
  public synchronized void note(Seen seen) {
    Sighting known = byMac.get(seen.mac());
    var now = clock.instant();
    Sighting merged =
        new Sighting(
            seen.mac(),
            newer(seen.address(), known, Sighting::address),
            newer(seen.uuid(), known, Sighting::uuid),
            newer(seen.serial(), known, Sighting::serial),
            newer(seen.product(), known, Sighting::product),
            newer(seen.arch(), known, Sighting::arch),
            newer(seen.firmware(), known, Sighting::firmware),
            known == null ? now : known.first(),
            now);
    if (known != null) {
      forget(known);
    }
    byMac.put(seen.mac(), merged);
    index(byAddress, merged.address(), seen.mac());
    index(bySerial, merged.serial(), seen.mac());
    index(byUuid, merged.uuid(), seen.mac());
    if (byMac.size() > most) {
      forget(byMac.pollFirstEntry().getValue());
    }
  }

  private static String newer(
      String seen, @Nullable Sighting known, Function<Sighting, String> of) {
    if (!seen.isEmpty()) {
      return seen.length() <= LONGEST ? seen : seen.substring(0, LONGEST);
    }
    return known == null ? "" : of.apply(known);
  }

  private static void index(Map<String, MacAddress> index, String key, MacAddress mac) {
    if (!key.isEmpty()) {
      index.put(key, mac);
    }
  }

  private void forget(Sighting gone) {
    byAddress.remove(gone.address(), gone.mac());
    bySerial.remove(gone.serial(), gone.mac());
    byUuid.remove(gone.uuid(), gone.mac());
  }

  /** The node with that hardware address. */
  public synchronized Optional<Sighting> byMac(MacAddress mac) {
    return Optional.ofNullable(byMac.get(mac));
  }

  /** The node that had that address last. */
  public synchronized Optional<Sighting> byAddress(String address) {
    return Optional.ofNullable(byAddress.get(address)).map(byMac::get);
  }

  /** The node with that serial number. */
  public synchronized Optional<Sighting> bySerial(String serial) {
    return Optional.ofNullable(bySerial.get(serial)).map(byMac::get);
  }

  /** The node with that UUID, as it wrote it. */
  public synchronized Optional<Sighting> byUuid(String uuid) {
    return Optional.ofNullable(byUuid.get(uuid)).map(byMac::get);
  }

  /** All of them, the one seen last first. */
  public synchronized List<Sighting> all() {
    return byMac.values().stream().sorted(Comparator.comparing(Sighting::last).reversed()).toList();
  }
}
