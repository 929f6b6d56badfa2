package dev.moonboot.journal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that is to be found in the audit log.
 *
 * @param event what, as {@code noun.verb}: {@code pin.set}, {@code refresh.reject}
 * @param outcome {@code ok}, {@code refused} or {@code failed}
 * @param reason why, for people; may be empty
 * @param target what it was done to: keys of {@code profile arch group mac channel release}
 * @param details more of it, such as {@code from to rule signer request idempotencyKey}; in order
 */
public record AuditEvent(
    String event,
    String outcome,
    String reason,
    Actor actor,
    Map<String, String> target,
    Map<String, String> details) {
  public AuditEvent {
    target = Collections.unmodifiableMap(new LinkedHashMap<>(target));
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }
}
