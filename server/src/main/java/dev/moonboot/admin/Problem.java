package dev.moonboot.admin;

import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a request is not answered as wished (RFC 9457).
 *
 * @param detail what, which, why, what now
 * @param errors the members that are to blame; empty when it is none of them
 * @param headers that go with the answer
 */
record Problem(
    ProblemKind kind, String detail, List<FieldError> errors, Map<String, String> headers) {
  static final String TYPE = "application/problem+json";

  /**
   * What is wrong with one member of the request's body.
   *
   * @param pointer which (RFC 6901): {@code /selector/mac}; empty for the whole body
   */
  record FieldError(String pointer, String detail) {}

  Problem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
  }

  static Problem of(ProblemKind kind, String detail) {
    return new Problem(kind, detail, List.of(), Map.of());
  }

  static Problem of(ProblemKind kind, String detail, List<FieldError> errors) {
    return new Problem(kind, detail, errors, Map.of());
  }

  /** The same with one more header. */
  Problem with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Problem(kind, detail, errors, all);
  }

  /** To be thrown where no answer can be given. */
  ProblemException asException() {
    return new ProblemException(this);
  }

  Json.Obj json() {
    Members members =
        new Members()
            .text("type", kind.type())
            .text("title", kind.title())
            .number("status", kind.status())
            .text("detail", detail);
    if (!errors.isEmpty()) {
      members.list("errors", errors.stream().map(Problem::json).toList());
    }
    return members.json();
  }

  private static Json json(FieldError error) {
    return new Members().text("pointer", error.pointer()).text("detail", error.detail()).json();
  }

  /** The answer to the request with that id. */
  Reply reply(String request) {
    Map<String, Json> members = new LinkedHashMap<>(json().members());
    if (kind != ProblemKind.UNAUTHENTICATED) { // those are all alike
      members.put("instance", new Json.Str("urn:moonboot:request:" + request));
    }
    return Reply.typed(kind.status(), TYPE, new Json.Obj(members).pretty()).with(headers);
  }
}
