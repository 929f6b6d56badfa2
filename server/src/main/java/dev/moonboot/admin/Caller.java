package dev.moonboot.admin;

import dev.moonboot.journal.Actor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param actor as the audit log names him
 * @param role what he may do
 * @param request the id of this request, which its answer carries, too
 * @param idempotencyKey what he calls this change, to be able to repeat it; null when he does not
 */
record Caller(Actor actor, Role role, String request, @Nullable String idempotencyKey) {
  /** What an audit record says of the request. */
  Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("request", request);
    if (idempotencyKey != null) {
      details.put("idempotencyKey", idempotencyKey);
    }
    return details;
  }
}
