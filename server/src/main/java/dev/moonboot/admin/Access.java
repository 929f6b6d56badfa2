package dev.moonboot.admin;

import dev.moonboot.http.Request;
import dev.moonboot.journal.Actor;
import org.jspecify.annotations.Nullable;

/** Who a caller is, and whether he may. */
final class Access {
  /** The caller of an endpoint that needs {@code role}; null when everybody may ask. */
  Caller admit(Request request, @Nullable Role role, String id) {
    String source = request.client() + ":" + request.port() + " admin";
    Actor anonymous = new Actor(Actor.Type.ANONYMOUS, "", source);
    if (role != null && role != Role.READ) {
      throw Problem.of(
              ProblemKind.UNAUTHENTICATED,
              "send a known token: Authorization: Bearer …; changes always need one")
          .with("WWW-Authenticate", "Bearer")
          .asException();
    }
    return new Caller(anonymous, Role.READ, id, null);
  }
}
