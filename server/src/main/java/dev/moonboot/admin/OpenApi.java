package dev.moonboot.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The description of the API (OpenAPI 3.1), from one document with what all share and one for each
 * group of endpoints, which has {@code paths} and {@code schemas}.
 */
final class OpenApi {
  /** The documents, in the order of their paths. */
  private static final List<String> PARTS =
      List.of(
          "appliance",
          "channels",
          "jobs",
          "upkeep",
          "records",
          "boots",
          "releases",
          "pins",
          "catalog",
          "explain",
          "devices");

  private OpenApi() {}

  /** The whole document. */
  static Json.Obj document() {
    Json.Obj frame = read("frame");
    Map<String, Json> paths = new LinkedHashMap<>();
    Map<String, Json> schemas = new LinkedHashMap<>(members(frame.object("components"), "schemas"));
    for (String part : PARTS) {
      Json.Obj document = read(part);
      paths.putAll(members(Optional.of(document), "paths"));
      schemas.putAll(members(Optional.of(document), "schemas"));
    }
    Map<String, Json> components =
        new LinkedHashMap<>(frame.object("components").orElseThrow().members());
    components.put("schemas", new Json.Obj(schemas));
    Map<String, Json> whole = new LinkedHashMap<>(frame.members());
    whole.put("paths", new Json.Obj(paths));
    whole.put("components", new Json.Obj(components));
    return new Json.Obj(whole);
  }

  private static Map<String, Json> members(Optional<Json.Obj> parent, String name) {
    return parent.flatMap(known -> known.object(name)).map(Json.Obj::members).orElse(Map.of());
  }

  private static Json.Obj read(String part) {
    String name = "openapi/" + part + ".json";
    try (InputStream in = OpenApi.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the package lacks " + name);
      }
      return (Json.Obj) JsonText.parse(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
