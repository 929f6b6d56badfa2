package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** One boot as a text for people: who, how it stands, its stages, and what happened. */
final class BootText {
  private final Json.Obj boot;

  private BootText(Json.Obj boot) {
    this.boot = boot;
  }

  static String of(Json.Obj boot) {
    BootText text = new BootText(boot);
    return Stream.of(text.head(), text.stages(), text.events())
        .flatMap(List::stream)
        .reduce("", (all, line) -> all + line + "\n");
  }

  private String at(String path) {
    return Cell.member(boot, path).shown();
  }

  private List<String> head() {
    List<String> lines = new ArrayList<>();
    lines.add("boot %s of %s (%s)".formatted(at("id"), at("node"), at("client")));
    lines.add("  firmware %s, arch %s".formatted(at("firmware"), at("arch")));
    lines.add(
        "  profile %s of group %s, release %s"
            .formatted(at("profile"), at("group"), at("release")));
    lines.add("  %s at %s".formatted(at("verdict.outcome"), at("verdict.stage")));
    if (!at("verdict.reason").equals("-")) {
      lines.add("  " + at("verdict.reason"));
    }
    return lines;
  }

  private List<String> stages() {
    TextTable table = new TextTable().row("STAGE", "STATE", "TOOK", "BYTES", "ATTEMPTS");
    for (Json.Obj stage : objects("stages")) {
      table.row(
          Cell.member(stage, "stage").shown(),
          Cell.member(stage, "state").shown(),
          seconds(stage.integer("milliseconds").orElse(0L)),
          Cell.member(stage, "bytes").shown(),
          Cell.member(stage, "attempts").shown());
    }
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(table.lines());
    return lines;
  }

  private List<String> events() {
    long leftOut = boot.integer("eventsLeftOut").orElse(0L);
    TextTable table = new TextTable();
    for (Json.Obj event : objects("events")) {
      long times = event.integer("times").orElse(1L);
      table.row(
          since(event.text("time").orElse("")),
          Cell.member(event, "stage").shown(),
          Cell.member(event, "what").shown() + (times > 1 ? " x" + times : ""),
          Cell.clean(event.text("text").orElse("")));
    }
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(table.lines());
    if (leftOut > 0) {
      lines.add("  " + leftOut + " events in the middle were not kept");
    }
    return lines;
  }

  private List<Json.Obj> objects(String name) {
    return boot.array(name).orElse(List.of()).stream()
        .filter(Json.Obj.class::isInstance)
        .map(Json.Obj.class::cast)
        .toList();
  }

  /** {@code +12.3 s} after the boot began. */
  private String since(String time) {
    Instant began = Instant.parse(boot.text("began").orElse(time));
    return "+" + seconds(Duration.between(began, Instant.parse(time)).toMillis());
  }

  private static String seconds(long milliseconds) {
    return String.format(Locale.ROOT, "%.1f s", milliseconds / 1000.0);
  }
}
