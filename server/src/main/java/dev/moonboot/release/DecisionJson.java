package dev.moonboot.release;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Actor;
import dev.moonboot.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decisions as they lie on disk. */
final class DecisionJson {
  private DecisionJson() {}

  static Json.Obj write(Decisions decisions) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(
        "pins",
        new Json.Arr(
            new TreeMap<>(decisions.pins()).values().stream().map(DecisionJson::pin).toList()));
    members.put(
        "holds",
        new Json.Arr(
            new TreeMap<>(decisions.holds()).values().stream().map(DecisionJson::hold).toList()));
    return new Json.Obj(members);
  }

  private static Json pin(Pin pin) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("profile", new Json.Str(pin.profile()));
    members.put("channel", new Json.Str(pin.channel()));
    members.put("release", text(pin.release()));
    members.put("reason", new Json.Str(pin.reason()));
    members.put("by", actor(pin.by()));
    members.put("since", text(pin.since()));
    members.put("expires", text(pin.expires()));
    members.put("replaced", text(pin.replaced()));
    members.put("revision", Json.Num.of(pin.revision()));
    return new Json.Obj(members);
  }

  private static Json hold(Hold hold) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("channel", new Json.Str(hold.channel()));
    members.put("reason", new Json.Str(hold.reason()));
    members.put("by", actor(hold.by()));
    members.put("since", text(hold.since()));
    return new Json.Obj(members);
  }

  private static Json actor(Actor actor) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("type", new Json.Str(actor.type().name()));
    members.put("id", new Json.Str(actor.id()));
    members.put("source", new Json.Str(actor.source()));
    return new Json.Obj(members);
  }

  private static Json text(@Nullable Object value) {
    return value == null ? new Json.Null() : new Json.Str(value.toString());
  }

  /**
   * The decisions; an entry that cannot be read is left out.
   *
   * @param broken told of such an entry, for people
   */
  static Decisions read(long serial, Json.Obj json, Consumer<String> broken) {
    Map<String, Pin> pins = new LinkedHashMap<>();
    for (Pin pin : entries(json, "pins", DecisionJson::pin, broken)) {
      pins.put(pin.profile(), pin);
    }
    Map<String, Hold> holds = new LinkedHashMap<>();
    for (Hold hold : entries(json, "holds", DecisionJson::hold, broken)) {
      holds.put(hold.channel(), hold);
    }
    return new Decisions(serial, pins, holds);
  }

  private static <T> List<T> entries(
      Json.Obj json, String name, Function<Json.Obj, T> reader, Consumer<String> broken) {
    List<T> entries = new ArrayList<>();
    for (Json item : json.array(name).orElse(List.of())) {
      try {
        entries.add(reader.apply((Json.Obj) item));
      } catch (RuntimeException e) { // a member is missing or not what it should be
        broken.accept("one of its " + name + " cannot be read: " + e.getMessage());
      }
    }
    return entries;
  }

  private static Pin pin(Json.Obj json) {
    return new Pin(
        json.text("profile").orElseThrow(),
        json.text("channel").orElseThrow(),
        Digest.parse(json.text("release").orElseThrow()),
        json.text("reason").orElse(""),
        actor(json),
        Instant.parse(json.text("since").orElseThrow()),
        json.text("expires").map(Instant::parse).orElse(null),
        json.text("replaced").map(Digest::parse).orElse(null),
        json.integer("revision").orElseThrow());
  }

  private static Hold hold(Json.Obj json) {
    return new Hold(
        json.text("channel").orElseThrow(),
        json.text("reason").orElse(""),
        actor(json),
        Instant.parse(json.text("since").orElseThrow()));
  }

  private static Actor actor(Json.Obj json) {
    Json.Obj by = json.object("by").orElseThrow();
    return new Actor(
        Actor.Type.valueOf(by.text("type").orElseThrow()),
        by.text("id").orElse(""),
        by.text("source").orElse(""));
  }
}
