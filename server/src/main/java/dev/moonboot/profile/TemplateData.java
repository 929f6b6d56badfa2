package dev.moonboot.profile;

import dev.moonboot.json.Json;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.template.Value;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What templates are given for one node, as matchbox builds it. */
public final class TemplateData {
  private static final String REQUEST = "request";

  private TemplateData() {}

  /**
   * The root: the group's metadata, over it its selectors with keys in lower case, over it {@code
   * request} with the labels ({@code query}) and the query as it was sent ({@code raw_query}).
   */
  public static Value.Members of(Group group, NodeLabels labels) {
    Map<String, Value> root = new LinkedHashMap<>();
    group.metadata().members().forEach((key, value) -> root.put(key, value(value)));
    group
        .selector()
        .forEach((key, value) -> root.put(key.toLowerCase(Locale.ROOT), new Value.Text(value)));
    root.put(
        REQUEST,
        new Value.Members(
            Map.of(
                "query", new Value.Texts(labels.all()),
                "raw_query", new Value.Text(labels.rawQuery()))));
    return new Value.Members(root);
  }

  private static Value value(Json json) {
    return switch (json) {
      case Json.Obj(var members) -> {
        Map<String, Value> values = new LinkedHashMap<>();
        members.forEach((key, value) -> values.put(key, value(value)));
        yield new Value.Members(values);
      }
      case Json.Arr(var items) -> new Value.Items(items.stream().map(TemplateData::value).toList());
      case Json.Str(var text) -> new Value.Text(text);
      case Json.Num(var text) -> new Value.Num(Double.parseDouble(text));
      case Json.Bool(var flag) -> new Value.Flag(flag);
      case Json.Null() -> new Value.Nil();
    };
  }
}
