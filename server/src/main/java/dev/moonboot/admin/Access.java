package dev.moonboot.admin;

import dev.moonboot.http.EventLog;
import dev.moonboot.http.Request;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who a caller is, and whether he may. */
final class Access {
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S+)\\s*");
  private static final Pattern KEY =
      Pattern.compile(
          "\"([\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255})\"|([\\x21\\x23-\\x7e]{1,255})");

  private final EventLog log = new EventLog(Access.class);
  private final Tokens tokens;
  private final FailedAttempts attempts;
  private final Audit audit;

  Access(Tokens tokens, FailedAttempts attempts, Audit audit) {
    this.tokens = tokens;
    this.attempts = attempts;
    this.audit = audit;
  }

  /**
   * The caller of an endpoint.
   *
   * @param id of the request
   * @throws ProblemException when he may not call it
   */
  Caller admit(Request request, Endpoint endpoint, String id) {
    String source = request.client() + ":" + request.port() + " admin";
    Actor nobody = new Actor(Actor.Type.ANONYMOUS, "", source);
    Caller anonymous = new Caller(nobody, Role.READ, id, key(request, endpoint));
    Role needed = endpoint.role();
    if (needed == null || (!tokens.isConfigured() && needed == Role.READ)) {
      return anonymous;
    }
    Token token = token(request).orElseThrow(() -> unknown(request, endpoint, anonymous));
    Actor actor = new Actor(Actor.Type.TOKEN, token.name(), source);
    Caller caller = new Caller(actor, token.role(), id, anonymous.idempotencyKey());
    if (!token.role().covers(needed)) {
      throw forbidden(endpoint, caller, needed);
    }
    return caller;
  }

  private Optional<Token> token(Request request) {
    return request
        .header("Authorization")
        .map(BEARER::matcher)
        .filter(Matcher::matches)
        .flatMap(header -> tokens.find(header.group(1)));
  }

  /** The same answer whatever was wrong with the token. */
  private ProblemException unknown(Request request, Endpoint endpoint, Caller caller) {
    FailedAttempts.Count failed = attempts.failed(request.client());
    if (failed.isNews()) {
      note(
          "auth.fail",
          request.header("Authorization").isPresent() ? "wrong token" : "no token",
          endpoint,
          caller);
    }
    if (failed.isTooMany()) {
      Duration left = failed.left();
      return Problem.of(
              ProblemKind.TOO_MANY_ATTEMPTS,
              "too many requests of this address had no known token: wait before the next one")
          .with("Retry-After", String.valueOf(Math.max(1, left.toSeconds())))
          .asException();
    }
    return Problem.of(
            ProblemKind.UNAUTHENTICATED,
            tokens.isConfigured()
                ? "send a token of the file that admin.tokens names: Authorization: Bearer TOKEN"
                : "nothing can be changed, because no tokens are configured: moonboot token makes"
                    + " one, its line goes into a file, and admin.tokens names that file")
        .with("WWW-Authenticate", "Bearer")
        .asException();
  }

  private ProblemException forbidden(Endpoint endpoint, Caller caller, Role needed) {
    note("auth.forbidden", "needs the role " + needed.text(), endpoint, caller);
    return new ProblemException(
        ProblemKind.FORBIDDEN,
        "the token "
            + caller.actor().id()
            + " has the role "
            + caller.role().text()
            + ", this needs "
            + needed.text());
  }

  /**
   * Ends the request unless the caller has that role; for what only some calls of an endpoint need.
   */
  void require(Call call, Role needed) {
    if (!call.caller().role().covers(needed)) {
      throw forbidden(call.endpoint(), call.caller(), needed);
    }
  }

  private void note(String event, String reason, Endpoint endpoint, Caller caller) {
    Map<String, String> details = caller.details();
    details.put("operation", endpoint.operation());
    try {
      audit.record(new AuditEvent(event, "refused", reason, caller.actor(), Map.of(), details));
    } catch (AuditException e) {
      log.warning("not_audited", "event", event, "why", String.valueOf(e.getMessage()));
    }
  }

  /**
   * What the caller calls this change (draft-ietf-httpapi-idempotency-key-header), if it is one.
   */
  private static @Nullable String key(Request request, Endpoint endpoint) {
    String sent = request.header("Idempotency-Key").orElse(null);
    if (sent == null || !endpoint.changes()) {
      return null;
    }
    Matcher key = KEY.matcher(sent.strip());
    if (!key.matches()) {
      throw new ProblemException(
          ProblemKind.MALFORMED, "the Idempotency-Key must have 1 to 255 printable characters");
    }
    return key.group(1) != null ? key.group(1) : key.group(2);
  }
}
