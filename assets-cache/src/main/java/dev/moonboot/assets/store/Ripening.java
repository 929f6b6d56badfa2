package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Since when nothing needs what. A thing is ripe when every sweep for an hour found it unneeded,
 * the first of them at least an hour of uptime ago. Kept in memory: a start begins anew, and the
 * time of day counts for nothing.
 */
final class Ripening {
  static final Duration GRACE = Duration.ofHours(1);

  private final Map<Digest, Long> since = new HashMap<>();

  /** Those of {@code unneeded} that may go now. */
  Set<Digest> ripe(Set<Digest> unneeded, long nanoTime) {
    return unneeded.stream().filter(one -> isRipe(one, nanoTime)).collect(Collectors.toSet());
  }

  private boolean isRipe(Digest one, long nanoTime) {
    Long first = since.get(one);
    return first != null && nanoTime - first >= GRACE.toNanos();
  }

  void forget(Digest one) {
    since.remove(one);
  }

  /** Remembers what a sweep found unneeded, and forgets what is needed again. */
  void remember(Set<Digest> unneeded, long nanoTime) {
    since.keySet().retainAll(unneeded);
    unneeded.forEach(one -> since.putIfAbsent(one, nanoTime));
  }
}
