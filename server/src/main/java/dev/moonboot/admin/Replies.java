package dev.moonboot.admin;

import dev.moonboot.http.Body;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;

/** How answers look. */
final class Replies {
  private Replies() {}

  static Reply ok(Json.Obj content) {
    return json(200, content);
  }

  /** With the version of what it tells, for {@code If-Match} and {@code If-None-Match}. */
  static Reply ok(Json.Obj content, ETag version) {
    return ok(content).with("ETag", version.header());
  }

  static Reply json(int status, Json.Obj content) {
    return Reply.typed(status, "application/json", content.pretty());
  }

  /** It is made anew, and stands at {@code location}. */
  static Reply created(String location, Json.Obj content) {
    return json(201, content).with("Location", location);
  }

  /** Done, and nothing to tell. */
  static Reply noContent() {
    return Reply.of(204, Body.Absent.EMPTY);
  }
}
