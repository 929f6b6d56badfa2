package dev.moonboot.release;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of pins as the audit log tells them. */
final class PinEvents {
  private PinEvents() {}

  /** A profile is about to boot another release. */
  static AuditEvent set(String event, Pin pin, Optional<Digest> from) {
    Map<String, String> details = new LinkedHashMap<>();
    from.ifPresent(digest -> details.put("from", digest.toString()));
    details.put("to", pin.release().toString());
    if (pin.expires() != null) {
      details.put("expires", pin.expires().toString());
    }
    details.put("revision", Long.toString(pin.revision()));
    return new AuditEvent(
        event, "ok", pin.reason(), pin.by(), target(pin.profile(), pin.channel()), details);
  }

  /**
   * A profile is about to follow its channel again.
   *
   * @param to the channel's head; empty when it has none
   */
  static AuditEvent removed(
      String event, Pin pin, String reason, Actor actor, Optional<Digest> to) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("from", pin.release().toString());
    to.ifPresent(digest -> details.put("to", digest.toString()));
    details.put("revision", Long.toString(pin.revision()));
    return new AuditEvent(
        event, "ok", reason, actor, target(pin.profile(), pin.channel()), details);
  }

  /** Somebody wanted a pin changed, and may not, or cannot. */
  static AuditEvent refused(
      String event, String profile, PinOrder order, PinOutcome.Refused refused) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("grounds", refused.grounds().name());
    details.put("why", refused.why());
    return new AuditEvent(
        event, "refused", order.reason(), order.actor(), target(profile, null), details);
  }

  private static Map<String, String> target(String profile, @Nullable String channel) {
    Map<String, String> target = new LinkedHashMap<>();
    target.put("profile", profile);
    if (channel != null) {
      target.put("channel", channel);
    }
    return target;
  }
}
