package dev.moonboot.journal;

import dev.moonboot.json.Json;
import java.time.Instant;

/**
 * Which records are wanted; an empty text means any.
 *
 * @param event {@code pin.set}, or {@code pin} for all that begins with {@code pin.}
 * @param outcome {@code ok}, {@code refused} or {@code failed}
 * @param actor name of a token, fingerprint, hardware address
 * @param target any value of the record's target: a profile, a channel, a digest
 * @param since none that are older
 * @param until none that are younger
 */
public record AuditFilter(
    String event, String outcome, String actor, String target, Instant since, Instant until) {
  /** All of them. */
  public static final AuditFilter ALL = new AuditFilter("", "", "", "", Instant.MIN, Instant.MAX);

  boolean accepts(AuditRecord candidate) {
    return (event.isEmpty()
            || candidate.event().equals(event)
            || candidate.event().startsWith(event + "."))
        && (outcome.isEmpty() || candidate.outcome().equals(outcome))
        && (actor.isEmpty() || candidate.actor().equals(actor))
        && (target.isEmpty() || candidate.target().members().containsValue(new Json.Str(target)))
        && !candidate.at().isBefore(since)
        && !candidate.at().isAfter(until);
  }
}
