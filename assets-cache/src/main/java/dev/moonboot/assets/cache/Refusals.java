package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.verify.AdmissionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Images that will not do, so that the same bytes are not fetched again and again: not for 15
 * minutes, then twice as long each time, at most 6 hours. A fault of the network in between neither
 * shortens nor restarts that; another policy begins anew.
 */
final class Refusals {
  static final Duration FIRST = Duration.ofMinutes(15);
  static final Duration LONGEST = Duration.ofHours(6);

  /**
   * One image, and what was wanted of it.
   *
   * @param image under which name
   * @param policy the one in force
   */
  record Key(
      Digest digest, List<Arch> arches, Content content, String image, AdmissionPolicy policy) {
    Key {
      arches = List.copyOf(arches);
    }
  }

  private record Refusal(Refresh outcome, long since, Duration pause) {}

  private final ConcurrentMap<Key, Refusal> refusals = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  Refusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How it went last time, while it is too early to try again. */
  Optional<Refresh> current(Key key) {
    return Optional.ofNullable(refusals.get(key))
        .filter(refusal -> age(refusal).compareTo(refusal.pause) < 0)
        .map(Refusal::outcome);
  }

  void add(Key key, Refresh outcome) {
    refusals
        .entrySet()
        .removeIf(entry ->
            age(entry.getValue()).compareTo(LONGEST.multipliedBy(2)) > 0
                || !entry.getKey().policy().equals(key.policy()));
    refusals.merge(
        key,
        new Refusal(outcome, nanoTime.getAsLong(), FIRST),
        (before, now) -> new Refusal(outcome, now.since, twice(before.pause)));
  }

  void remove(Key key) {
    refusals.remove(key);
  }

  /** Forgets whatever was said of an image. */
  void forget(Digest digest) {
    refusals.keySet().removeIf(key -> key.digest().equals(digest));
  }

  /** Forgets all. */
  void forget() {
    refusals.clear();
  }

  private static Duration twice(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
  }

  private Duration age(Refusal refusal) {
    return Duration.ofNanos(nanoTime.getAsLong() - refusal.since);
  }
}
