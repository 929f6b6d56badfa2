package dev.moonboot.assets.store;

import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.UkiLines.Profile;
import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is known of a unified kernel image, as JSON within records. */
public final class UkiRecord {
  private UkiRecord() {}

  /** As {@link #read} reads it. */
  public static Json.Obj json(UkiLines uki) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("stub", new Json.Str(uki.stub()));
    members.put("cmdlines", texts(uki.base()));
    members.put("profiles", new Json.Arr(uki.profiles().stream().map(UkiRecord::json).toList()));
    return new Json.Obj(members);
  }

  private static Json json(Profile profile) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("id", new Json.Str(profile.id()));
    members.put("cmdlines", texts(profile.cmdlines()));
    return new Json.Obj(members);
  }

  private static Json texts(List<String> texts) {
    return new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList());
  }

  static UkiLines read(Json.Obj json) {
    return new UkiLines(
        texts(json, "cmdlines"),
        json.array("profiles").orElseThrow().stream()
            .map(item -> (Json.Obj) item)
            .map(item -> new Profile(item.text("id").orElseThrow(), texts(item, "cmdlines")))
            .toList(),
        json.text("stub").orElseThrow());
  }

  private static List<String> texts(Json.Obj json, String name) {
    return json.array(name).orElseThrow().stream().map(item -> ((Json.Str) item).value()).toList();
  }
}
