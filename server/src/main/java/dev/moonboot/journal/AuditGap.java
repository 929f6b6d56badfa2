package dev.moonboot.journal;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.AuditFiles.Chain;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The lines that are in the log alone, since the disk took none.
 *
 * @param digest of all of them, each with the digest before it
 */
record AuditGap(Instant since, String why, long count, Digest digest) {
  static AuditGap begin(Instant since, String why) {
    return new AuditGap(since, why, 0, Chain.NEW.last());
  }

  AuditGap and(String line) {
    return new AuditGap(since, why, count + 1, AuditFiles.digest(digest + line));
  }

  /** What is written down of it once the disk takes lines again. */
  AuditEvent event() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("count", Long.toString(count));
    details.put("since", since.truncatedTo(ChronoUnit.MILLIS).toString());
    details.put("digest", digest.toString());
    return new AuditEvent(
        "audit.gap",
        "failed",
        "these records are in the log alone, because the disk took none: " + why,
        Actor.SYSTEM,
        Map.of(),
        details);
  }

  /** For people. */
  String trouble() {
    return "the audit log goes to the log alone since %s (%d records): %s"
        .formatted(since.truncatedTo(ChronoUnit.SECONDS), count, why);
  }
}
