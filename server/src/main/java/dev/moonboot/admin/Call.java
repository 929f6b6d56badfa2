package dev.moonboot.admin;

import dev.moonboot.http.Request;
import dev.moonboot.journal.Actor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One call of an endpoint, by somebody who may.
 *
 * @param ids what the path's names stand for, checked
 * @param query the endpoint's query parameters, decoded
 * @param text the body; empty when there is none
 */
record Call(
    Request request,
    Endpoint endpoint,
    Map<String, String> ids,
    Map<String, String> query,
    String text,
    Caller caller) {
  /** How long a call may wait for a job to end. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** The id in the path. */
  String id(String name) {
    String id = ids.get(name);
    if (id == null) {
      throw new IllegalArgumentException(endpoint.path() + " names no " + name);
    }
    return id;
  }

  /** Who is to be named in the audit log. */
  Actor actor() {
    return caller.actor();
  }

  /** A query parameter, when it was sent with a value. */
  Optional<String> query(String name) {
    if (!endpoint.query().contains(name)) {
      throw new IllegalArgumentException(endpoint.operation() + " knows no parameter " + name);
    }
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }

  /** {@code ?name} and {@code ?name=true} are true; {@code ?name=false} and nothing are not. */
  boolean flag(String name) {
    return switch (query.getOrDefault(name, "false")) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw malformed(name, "is true or false");
    };
  }

  /** A number of the query, within a range. */
  int number(String name, int fallback, int least, int most) {
    Optional<String> sent = query(name);
    if (sent.isEmpty()) {
      return fallback;
    }
    if (sent.get().matches("\\d{1,9}")) {
      int number = Integer.parseInt(sent.get());
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw malformed(name, "is a whole number from " + least + " to " + most);
  }

  /** How long the caller would wait for the outcome ({@code ?wait=60s}); zero when not at all. */
  Duration patience() {
    Optional<String> sent = query("wait");
    if (sent.isEmpty()) {
      return Duration.ZERO;
    }
    if (sent.get().matches("\\d{1,3}s")) {
      Duration wait =
          Duration.ofSeconds(Integer.parseInt(sent.get().substring(0, sent.get().length() - 1)));
      if (wait.compareTo(LONGEST_WAIT) <= 0) {
        return wait;
      }
    }
    throw malformed("wait", "is so many seconds, such as 60s, and at most 300s");
  }

  static ProblemException malformed(String parameter, String rule) {
    return new ProblemException(
        ProblemKind.MALFORMED, "the query parameter " + parameter + " will not do: it " + rule);
  }

  /** The members of the body, an object; call {@link Fields#end} when all are read. */
  Fields fields() {
    return Fields.of(text);
  }

  /** Which version the caller means to change. */
  Precondition precondition() {
    return Precondition.of(request);
  }
}
