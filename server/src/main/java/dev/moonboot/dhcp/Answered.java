package dev.moonboot.dhcp;

import dev.moonboot.node.MacAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * As what nodes were answered of late: a Raspberry Pi's later packets do not say what they come
 * from, nor do those of an operating system that has been started. For one thread.
 */
final class Answered {
  private static final int MOST = 4096;
  private static final Duration BOOT = Duration.ofMinutes(5);

  /**
   * The last answer to a node.
   *
   * @param transaction that of its request
   */
  record Last(ClientClass client, int transaction, long at) {}

  private final LongSupplier nanos;

  private final Map<String, Last> nodes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Last> eldest) {
          return size() > MOST;
        }
      };

  Answered(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void note(MacAddress node, ClientClass client, int transaction) {
    nodes.put(node.text(), new Last(client, transaction, nanos.getAsLong()));
  }

  /** The last answer, if that was within a boot's time. */
  Optional<Last> last(MacAddress node) {
    return Optional.ofNullable(nodes.get(node.text()))
        .filter(last -> nanos.getAsLong() - last.at <= BOOT.toNanos());
  }
}
