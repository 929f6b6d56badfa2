package dev.moonboot.admin;

import dev.moonboot.json.Json;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A long work as it stands now.
 *
 * @param kind {@code refresh}, {@code pin}, {@code scrub} …
 * @param subject what it is done to; empty when it is everything
 * @param by who wanted it
 * @param step what it does just now
 * @param detail the same for people
 * @param bytesDone of that step
 * @param bytesTotal −1 when unknown
 * @param result what it led to; null while it runs, and when it failed
 * @param problem why it failed; null otherwise
 */
record Job(
    String id,
    String kind,
    String subject,
    String by,
    State state,
    Instant started,
    @Nullable Instant ended,
    String step,
    String detail,
    long bytesDone,
    long bytesTotal,
    Json.@Nullable Obj result,
    @Nullable Problem problem) {
  /** Where it stands. */
  enum State {
    RUNNING,
    DONE,
    FAILED
  }

  static Job begun(String id, String kind, String subject, String by) {
    return new Job(
        id, kind, subject, by, State.RUNNING, Instant.now(), null, "", "", 0, -1, null, null);
  }

  Job at(String newStep, String newDetail) {
    return new Job(
        id, kind, subject, by, state, started, ended, newStep, newDetail, 0, -1, result, problem);
  }

  Job at(long done, long total) {
    return new Job(
        id, kind, subject, by, state, started, ended, step, detail, done, total, result, problem);
  }

  Job done(Json.Obj newResult) {
    return end(State.DONE, newResult, null);
  }

  Job failed(Problem why) {
    return end(State.FAILED, null, why);
  }

  private Job end(State newState, Json.@Nullable Obj newResult, @Nullable Problem why) {
    return new Job(
        id,
        kind,
        subject,
        by,
        newState,
        started,
        Instant.now(),
        step,
        detail,
        bytesDone,
        bytesTotal,
        newResult,
        why);
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  /** Where it can be asked for. */
  String location() {
    return "/admin/v1/jobs/" + id;
  }

  Json.Obj json() {
    return new Members()
        .text("id", id)
        .text("kind", kind)
        .text("subject", subject)
        .text("by", by)
        .text("state", state.name().toLowerCase(Locale.ROOT))
        .text("started", started)
        .text("ended", ended)
        .text("step", step)
        .text("detail", detail)
        .number("bytesDone", bytesDone)
        .number("bytesTotal", bytesTotal < 0 ? null : bytesTotal)
        .json("result", result)
        .json("problem", problem == null ? null : problem.json())
        .json();
  }
}
