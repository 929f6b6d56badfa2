package dev.moonboot.admin;

import dev.moonboot.journal.Boot;
import dev.moonboot.journal.Timeline;
import dev.moonboot.json.Json;
import java.util.Locale;

/** Boots, as they are answered. */
final class BootJson {
  private BootJson() {}

  /** A boot without its events. */
  static Json.Obj of(Boot boot) {
    return members(boot).json();
  }

  /** A boot with its events. */
  static Json.Obj whole(Boot boot) {
    return members(boot)
        .list("events", boot.timeline().events().stream().map(BootJson::event).toList())
        .number("eventsLeftOut", boot.timeline().leftOut())
        .json();
  }

  private static Members members(Boot boot) {
    Boot.Node node = boot.node();
    Boot.Answer answer = boot.answer();
    Timeline timeline = boot.timeline();
    return new Members()
        .number("id", boot.id())
        .text("time", boot.scriptAt())
        .text("node", node.mac().isEmpty() ? node.client() : node.mac())
        .text("uuid", node.uuid())
        .text("serial", node.serial())
        .text("arch", node.arch())
        .text("client", node.client())
        .text("group", answer.group())
        .text("profile", answer.profile())
        .text("release", answer.release())
        .text("by", answer.by())
        .text("result", lower(boot.result()))
        .text("detail", answer.why())
        .list("files", boot.files().stream().map(BootJson::file).toList())
        .text("firmware", timeline.firmware())
        .text("began", timeline.began())
        .text("last", timeline.last())
        .list("stages", timeline.steps().stream().map(BootJson::stage).toList())
        .json("verdict", verdict(timeline.verdict()));
  }

  private static Json.Obj file(Boot.File file) {
    return new Members()
        .text("path", file.path())
        .number("bytes", file.bytes())
        .number("size", file.size())
        .text("started", file.startedAt())
        .text("sent", file.sentAt())
        .json();
  }

  private static Json.Obj stage(Timeline.Step step) {
    return new Members()
        .text("stage", lower(step.stage()))
        .text("state", lower(step.state()))
        .text("first", step.first())
        .text("last", step.last())
        .number("milliseconds", step.took().toMillis())
        .number("bytes", step.bytes())
        .number("attempts", step.attempts())
        .json();
  }

  static Json.Obj verdict(Timeline.Verdict verdict) {
    return new Members()
        .text("stage", lower(verdict.furthest()))
        .text("outcome", lower(verdict.outcome()))
        .text("rule", verdict.rule())
        .text("reason", verdict.reason())
        .json();
  }

  private static Json.Obj event(Timeline.Event event) {
    return new Members()
        .text("time", event.at())
        .text("stage", lower(event.stage()))
        .text("what", event.what())
        .text("text", event.text())
        .number("times", event.times())
        .json();
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
