package dev.moonboot.release;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people decided of what is booted, as it was at one moment. Immutable.
 *
 * @param serial counts all changes that were ever made
 * @param pins by profile
 * @param holds by channel
 */
public record Decisions(long serial, Map<String, Pin> pins, Map<String, Hold> holds) {
  /** Nobody has decided anything yet. */
  public static final Decisions NONE = new Decisions(0, Map.of(), Map.of());

  public Decisions {
    pins = Map.copyOf(pins);
    holds = Map.copyOf(holds);
  }

  /** The profile's pin. */
  public Optional<Pin> pin(String profile) {
    return Optional.ofNullable(pins.get(profile));
  }

  /** Why the channel is not followed for now; empty when it is. */
  public Optional<Hold> hold(String channel) {
    return Optional.ofNullable(holds.get(channel));
  }

  Decisions with(Pin pin) {
    return new Decisions(serial, changed(pins, pin.profile(), pin), holds);
  }

  Decisions withoutPin(String profile) {
    return new Decisions(serial, changed(pins, profile, null), holds);
  }

  Decisions with(Hold hold) {
    return new Decisions(serial, pins, changed(holds, hold.channel(), hold));
  }

  Decisions withoutHold(String channel) {
    return new Decisions(serial, pins, changed(holds, channel, null));
  }

  Decisions at(long newSerial) {
    return new Decisions(newSerial, pins, holds);
  }

  /** For listings: in order of the names. */
  public Map<String, Pin> sortedPins() {
    return new TreeMap<>(pins);
  }

  private static <V> Map<String, V> changed(Map<String, V> old, String key, @Nullable V value) {
    Map<String, V> next = new LinkedHashMap<>(old);
    if (value == null) {
      next.remove(key);
    } else {
      next.put(key, value);
    }
    return next;
  }
}
