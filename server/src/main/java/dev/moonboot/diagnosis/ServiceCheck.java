package dev.moonboot.diagnosis;

import dev.moonboot.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the running service says of itself: its parts, and what its channels hold. */
final class ServiceCheck implements Check {
  private final Asking asking;
  private final Instant now;

  ServiceCheck(Asking asking, Instant now) {
    this.asking = asking;
    this.now = now;
  }

  @Override
  public List<Finding> look() {
    if (!asking.boots()) {
      return List.of(
          Finding.warn(
              "channels",
              "the service does not answer, so what it serves was not looked at",
              "run this again while it runs"));
    }
    List<Finding> found = new ArrayList<>();
    switch (asking.admin("/admin/v1/channels")) {
      case Asking.Told.Not(var why) -> found.add(Finding.warn("channels", why, ""));
      case Asking.Told.Json(var told) -> channels(told, found);
    }
    if (asking.admin("/admin/v1/status") instanceof Asking.Told.Json(var told)) {
      told.array("troubles").orElse(List.of()).stream()
          .filter(Json.Str.class::isInstance)
          .map(trouble -> ((Json.Str) trouble).value())
          .forEach(trouble -> found.add(Finding.warn("service", trouble, "")));
    }
    if (asking.admin("/admin/v1/nodes") instanceof Asking.Told.Json(var told)) {
      told.array("nodes").orElse(List.of()).stream()
          .filter(Json.Obj.class::isInstance)
          .forEach(node -> install((Json.Obj) node, found));
    }
    return found;
  }

  /** A node that loses extensions once it boots from its disk. */
  private static void install(Json.Obj node, List<Finding> found) {
    node.object("install")
        .flatMap(install -> install.text("warning"))
        .filter(warning -> !warning.isEmpty())
        .ifPresent(warning ->
            found.add(Finding.warn("node " + node.text("mac").orElse("?"), warning, "")));
  }

  private void channels(Json.Obj told, List<Finding> found) {
    List<Json> channels = told.array("channels").orElse(List.of());
    if (channels.isEmpty()) {
      found.add(
          Finding.warn("channels", "none is configured", "nodes boot files of your own only"));
    }
    channels.stream()
        .filter(Json.Obj.class::isInstance)
        .forEach(channel -> found.add(channel((Json.Obj) channel)));
  }

  private Finding channel(Json.Obj channel) {
    String name = channel.text("name").orElse("?");
    String what = "channel " + name;
    Optional<String> release = channel.text("release");
    String reason = channel.text("reason").orElse("");
    if (release.isEmpty()) {
      return Finding.fail(
          what,
          "has no release yet" + (reason.isEmpty() ? "" : ": " + reason),
          "moonboot admin channels refresh " + name);
    }
    String told =
        "%s %s, %s, looked at %s"
            .formatted(
                channel.text("version").filter(v -> !v.isEmpty()).orElse("release"),
                release.get().substring(0, Math.min(19, release.get().length())),
                channel.text("state").orElse(""),
                channel.text("lastGood").map(this::ago).orElse("never"));
    return reason.isEmpty()
        ? Finding.ok(what, told)
        : Finding.warn(what, told + ": " + reason, "what it has keeps booting");
  }

  private String ago(String time) {
    try {
      Duration ago = Duration.between(Instant.parse(time), now);
      return ago.toHours() > 0
          ? ago.toHours() + " h ago"
          : ago.toMinutes() > 0 ? ago.toMinutes() + " min ago" : "just now";
    } catch (DateTimeParseException e) {
      return time;
    }
  }
}
