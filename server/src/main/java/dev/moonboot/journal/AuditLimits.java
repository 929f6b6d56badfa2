package dev.moonboot.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How often events may be recorded that strangers can cause at will: without a limit they could
 * fill the log until what matters has been rotated away, or keep the disk busy. What is held back
 * is counted, and told with the next one of its kind.
 */
final class AuditLimits {
  private static final String SUPPRESSED = "suppressed";

  private final Map<String, RateLimit> limits;

  AuditLimits(LongSupplier nanos) {
    this.limits =
        Map.of(
            "auth.fail", new RateLimit(1, 100, nanos),
            "ticket.refuse", new RateLimit(1, 100, nanos),
            "device.refuse", new RateLimit(1, 100, nanos),
            "device.request", new RateLimit(1, 1024, nanos),
            // a few racks may boot at once
            "ticket.issue", new RateLimit(1, 4096, nanos),
            "ticket.use", new RateLimit(1, 4096, nanos));
  }

  /** The event, with the number of those held back before it; nothing when it is held back. */
  Optional<AuditEvent> pass(AuditEvent event) {
    RateLimit limit = limits.get(event.event());
    if (limit == null) {
      return Optional.of(event);
    }
    OptionalLong suppressed = limit.pass();
    if (suppressed.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(suppressed.getAsLong() == 0 ? event : with(event, suppressed.getAsLong()));
  }

  private static AuditEvent with(AuditEvent event, long suppressed) {
    Map<String, String> details = new LinkedHashMap<>(event.details());
    details.put(SUPPRESSED, Long.toString(suppressed));
    return new AuditEvent(
        event.event(), event.outcome(), event.reason(), event.actor(), event.target(), details);
  }

  /** One event for each kind of which some were held back and not told yet. */
  List<AuditEvent> heldBack() {
    List<AuditEvent> events = new ArrayList<>();
    limits.forEach((event, limit) -> {
      long suppressed = limit.drain();
      if (suppressed > 0) {
        events.add(
            with(
                new AuditEvent(
                    event,
                    "suppressed",
                    "so many more came than are recorded one by one",
                    Actor.SYSTEM,
                    Map.of(),
                    Map.of()),
                suppressed));
      }
    });
    return events;
  }
}
