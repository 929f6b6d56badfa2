package dev.moonboot.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.http.EventLog;
import dev.moonboot.http.Reply;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import java.io.IOException;
import java.util.Map;

/**
 * Sees to it that a change is written down before it is made, and made once however often it is
 * asked for with one key.
 */
final class AuditedCalls {
  private static final String EVENT = "admin.request";

  private final EventLog log = new EventLog(AuditedCalls.class);
  private final Audit audit;
  private final IdempotencyKeys keys;

  AuditedCalls(Audit audit, IdempotencyKeys keys) {
    this.audit = audit;
    this.keys = keys;
  }

  /** The answer of the call's endpoint. */
  Reply make(Call call) throws IOException {
    String key = call.caller().idempotencyKey();
    return key == null
        ? audited(call)
        : keys.once(call.actor().id(), key, fingerprint(call), () -> answered(call));
  }

  private static Digest fingerprint(Call call) {
    String text =
        String.join(
            "\n",
            call.endpoint().method(),
            call.request().path(),
            String.valueOf(call.request().query()),
            call.request().header("If-Match").orElse(""),
            call.text());
    return Digest.of(text.getBytes(UTF_8));
  }

  /** Problems, too, as they are to be answered again. */
  private Reply answered(Call call) throws IOException {
    try {
      return audited(call);
    } catch (ProblemException e) {
      return e.problem().reply(call.caller().request());
    }
  }

  private Reply audited(Call call) throws IOException {
    try {
      audit.record(event(call, "ok", reason(call)));
    } catch (AuditException e) {
      throw Problem.of(
              ProblemKind.NOT_AUDITED,
              "nothing was changed, because it cannot be written down: " + e.getMessage())
          .with("Retry-After", "10")
          .asException();
    }
    log.info(
        "admin_change",
        "operation",
        call.endpoint().operation(),
        "path",
        call.request().path(),
        "token",
        call.actor().id(),
        "client",
        call.request().client(),
        "id",
        call.caller().request());
    try {
      return call.endpoint().handler().answer(call);
    } catch (ProblemException e) {
      ended(call, e.problem().kind().status() >= 500 ? "failed" : "refused", e.problem().detail());
      throw e;
    } catch (IOException | RuntimeException e) {
      ended(call, "failed", "a fault; the log has it under id " + call.caller().request());
      throw e;
    }
  }

  /** Why, in the caller's words, where he gives any. */
  private static String reason(Call call) {
    try {
      return Fields.wholeObject(call.text()).text("reason").orElse("");
    } catch (ProblemException e) {
      return ""; // the endpoint tells what is wrong with it
    }
  }

  /** A second record, because the first one said that it would be made. */
  private void ended(Call call, String outcome, String reason) {
    try {
      audit.record(event(call, outcome, reason));
    } catch (AuditException e) {
      log.warning("not_audited", "event", EVENT, "why", String.valueOf(e.getMessage()));
    }
  }

  private static AuditEvent event(Call call, String outcome, String reason) {
    Map<String, String> details = call.caller().details();
    details.put("operation", call.endpoint().operation());
    return new AuditEvent(EVENT, outcome, reason, call.actor(), call.ids(), details);
  }
}
