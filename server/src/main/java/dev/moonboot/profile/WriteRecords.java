package dev.moonboot.profile;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the audit log is told of one wish to change a file: digests, never contents. */
record WriteRecords(Audit audit, String word, String name, WriteOrder order) {
  /** It is about to be made. */
  void making(String verb, @Nullable Digest from, @Nullable Digest to) {
    Map<String, String> details = new LinkedHashMap<>();
    if (from != null) {
      details.put("from", from.toString());
    }
    if (to != null) {
      details.put("to", to.toString());
    }
    details.putAll(order.details());
    record(verb, "ok", "", details);
  }

  /** It is not made: {@code outcome} is {@code refused} or {@code failed}. */
  void notMade(String verb, String outcome, String reason) {
    record(verb, outcome, reason, order.details());
  }

  private void record(String verb, String outcome, String reason, Map<String, String> details) {
    audit.record(
        new AuditEvent(
            word + "." + verb, outcome, reason, order.actor(), Map.of(word, name), details));
  }
}
