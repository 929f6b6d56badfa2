package dev.moonboot.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Templates with what Go makes of them, as {@code server/src/gotemplate} records it. */
final class GoCases {
  private GoCases() {}

  /**
   * One template.
   *
   * @param gives what Go renders; empty when it fails
   */
  record GoCase(String template, Value data, Optional<String> gives) {
    /** What moonboot renders; empty when it fails. */
    Optional<String> ours() {
      try {
        return Optional.of(Template.parse(template).render(data, Bounds.DEFAULT));
      } catch (TemplateException e) {
        return Optional.empty();
      }
    }

    @Override
    public String toString() {
      return template.length() <= 60 ? template : template.substring(0, 60) + "…";
    }
  }

  static List<GoCase> recorded() {
    try (InputStream in = GoCases.class.getResourceAsStream("go-cases.json")) {
      List<GoCase> cases = read(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
      String more = System.getProperty("moonboot.template.cases");
      if (more != null) {
        cases.addAll(read(Files.readString(Path.of(more))));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<GoCase> read(String json) {
    List<GoCase> cases = new ArrayList<>();
    for (Json group : ((Json.Arr) JsonText.parse(json)).items()) {
      Value data = root(((Json.Obj) group).object("data").orElseThrow());
      for (Json one : ((Json.Obj) group).array("cases").orElseThrow()) {
        Json.Obj each = (Json.Obj) one;
        cases.add(new GoCase(each.text("template").orElseThrow(), data, each.text("gives")));
      }
    }
    return cases;
  }

  /** One that Go was not asked about. */
  static GoCase example(String data, String template) {
    return new GoCase(template, root((Json.Obj) JsonText.parse(data)), Optional.empty());
  }

  /** As matchbox has it: {@code .request.query} is an object of texts. */
  private static Value root(Json.Obj data) {
    Map<String, Value> root = new LinkedHashMap<>(members(data));
    if (root.get("request") instanceof Value.Members(var request)
        && request.get("query") instanceof Value.Members(var query)) {
      Map<String, String> labels = new LinkedHashMap<>();
      query.forEach((key, value) -> labels.put(key, ((Value.Text) value).text()));
      Map<String, Value> both = new LinkedHashMap<>(request);
      both.put("query", new Value.Texts(labels));
      root.put("request", new Value.Members(both));
    }
    return new Value.Members(root);
  }

  private static Map<String, Value> members(Json.Obj object) {
    Map<String, Value> members = new LinkedHashMap<>();
    object.members().forEach((key, value) -> members.put(key, value(value)));
    return members;
  }

  static Value value(Json json) {
    return switch (json) {
      case Json.Obj object -> new Value.Members(members(object));
      case Json.Arr(var items) -> new Value.Items(items.stream().map(GoCases::value).toList());
      case Json.Str(var text) -> new Value.Text(text);
      case Json.Num(var text) -> new Value.Num(Double.parseDouble(text));
      case Json.Bool(var flag) -> new Value.Flag(flag);
      case Json.Null() -> new Value.Nil();
    };
  }
}
