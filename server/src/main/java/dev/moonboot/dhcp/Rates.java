package dev.moonboot.dhcp;

import dev.moonboot.journal.RateLimit;
import dev.moonboot.node.MacAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often is answered: so many a second in all, three a second for one node. What floods us with
 * made-up addresses cannot keep known nodes from booting: for them there is as much again, of which
 * strangers get nothing. For one thread.
 */
final class Rates {
  /** How many nodes are kept count of. */
  static final int MOST_NODES = 4096;

  private static final int PER_NODE = 3;
  private static final long COST = Duration.ofSeconds(1).toNanos() / PER_NODE;
  private static final long BURST = PER_NODE * COST;

  private final RateLimit all;
  private final RateLimit kept;
  private final LongSupplier nanos;

  /** The time up to which a node has used up its answers; the least recently seen goes first. */
  private final Map<MacAddress, Long> usedUpTo =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MacAddress, Long> eldest) {
          return size() > MOST_NODES;
        }
      };

  Rates(int perSecond, int burst, LongSupplier nanos) {
    this.all = new RateLimit(perSecond, burst, nanos);
    this.kept = new RateLimit(perSecond, burst, nanos);
    this.nanos = nanos;
  }

  /** Empty when this node may be answered once more, which is counted; else why not. */
  Optional<Silence> take(MacAddress node, boolean known) {
    long now = nanos.getAsLong();
    long rested = now - BURST;
    long used = usedUpTo.getOrDefault(node, rested);
    long next = (used - rested < 0 ? rested : used) + COST;
    if (next - now > 0) {
      return Optional.of(Silence.NODE_RATE);
    }
    if (all.pass().isEmpty() && !(known && kept.pass().isPresent())) {
      return Optional.of(Silence.RATE);
    }
    usedUpTo.put(node, next);
    return Optional.empty();
  }

  /** How many nodes are kept count of now. */
  int nodes() {
    return usedUpTo.size();
  }
}
