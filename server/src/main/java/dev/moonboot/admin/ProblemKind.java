package dev.moonboot.admin;

import java.util.Locale;

/** All kinds of problems there are; each has one status and one title (RFC 9457, 3.1). */
enum ProblemKind {
  /** Path, query or JSON cannot be understood. */
  MALFORMED(400, "Malformed request"),
  /** No token, or none that is known. */
  UNAUTHENTICATED(401, "A valid token is needed"),
  /** The token's role does not suffice. */
  FORBIDDEN(403, "The role does not suffice"),
  /** Called under a foreign name or by a web page. */
  FOREIGN(403, "Not to be called like this"),
  /** No such path. */
  NO_SUCH_ENDPOINT(404, "No such endpoint"),
  /** The path is right, the thing it names does not exist. */
  NOT_FOUND(404, "Not found"),
  /** The path takes other methods. */
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  /** A release is not here and cannot be had now. */
  NOT_AVAILABLE(409, "Not available"),
  /** The state of things does not allow it. */
  CONFLICT(409, "Conflict"),
  /** If-Match named an older version. */
  CHANGED(412, "Changed meanwhile"),
  TOO_LARGE(413, "Content too large"),
  NOT_JSON(415, "Not JSON"),
  /** Members are missing, unknown or of the wrong kind; {@code errors} names them. */
  INVALID(422, "Invalid content"),
  /** The signature policy does not let the release in. */
  NOT_ADMITTED(422, "Not admitted by the policy"),
  /** The Idempotency-Key was used for another request. */
  KEY_REUSED(422, "Idempotency-Key used before"),
  /** Too many wrong tokens from this address. */
  TOO_MANY_ATTEMPTS(429, "Too many failed attempts"),
  FAULT(500, "A fault in moonboot"),
  /** As much as allowed is going on already. */
  BUSY(503, "Busy"),
  /** The change cannot be written down, so it is not made. */
  NOT_AUDITED(503, "The audit log cannot be written"),
  /** The data directory does not take a change. */
  NOT_WRITTEN(507, "The data directory cannot be written"),
  /** It takes longer than a request may. */
  STILL_RUNNING(503, "Still running");

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** {@code urn:moonboot:problem:not-found}. */
  String type() {
    return "urn:moonboot:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
