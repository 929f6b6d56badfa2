package dev.moonboot.assets.schematic;

import dev.moonboot.json.Json;
import java.util.List;
import java.util.Map;

/** Writes block YAML as go-yaml v4 does for {@code Marshal}: indented by four, no line folded. */
final class CanonicalYaml {
  private static final int INDENT = 4;

  private final StringBuilder out = new StringBuilder();

  private CanonicalYaml() {}

  /** A whole document. Keys must be plain text. */
  static String of(Json.Obj root) {
    CanonicalYaml yaml = new CanonicalYaml();
    yaml.members(root.members(), 0, "");
    return yaml.out.toString();
  }

  /**
   * @param lead what stands before the first key already, or is to: the first has no indent of its
   *     own behind the dash of a list
   */
  private void members(Map<String, Json> members, int indent, String lead) {
    String before = lead.isEmpty() ? " ".repeat(indent) : lead;
    for (Map.Entry<String, Json> member : members.entrySet()) {
      out.append(before).append(member.getKey()).append(':');
      value(member.getValue(), nextLevel(indent));
      before = " ".repeat(indent);
    }
  }

  /** The next multiple of four, also from within a list, where the indent is none. */
  private static int nextLevel(int indent) {
    return INDENT * ((indent + INDENT) / INDENT);
  }

  private void value(Json value, int indent) {
    switch (value) {
      case Json.Obj(var members) when !members.isEmpty() -> {
        out.append('\n');
        members(members, indent, "");
      }
      case Json.Arr(var items) when !items.isEmpty() -> {
        out.append('\n');
        items(items, indent, "");
      }
      case Json.Obj _, Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ ->
          leaf(value, indent);
    }
  }

  private void items(List<Json> items, int indent, String lead) {
    String before = lead.isEmpty() ? " ".repeat(indent) : lead;
    for (Json item : items) {
      out.append(before).append('-');
      switch (item) {
        case Json.Obj(var members) when !members.isEmpty() -> members(members, indent + 2, " ");
        case Json.Arr(var nested) when !nested.isEmpty() -> items(nested, indent + 2, " ");
        case Json.Obj _, Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ ->
            leaf(item, indent + 2);
      }
      before = " ".repeat(indent);
    }
  }

  private void leaf(Json value, int indent) {
    String text =
        switch (value) {
          case Json.Obj _ -> "{}";
          case Json.Arr _ -> "[]";
          case Json.Str(var string) -> ScalarStyle.of(string).write(string, indent);
          case Json.Num(var number) -> number;
          case Json.Bool(var bool) -> Boolean.toString(bool);
          case Json.Null() -> "null";
        };
    out.append(' ').append(text);
    if (!text.endsWith("\n")) { // a literal block that keeps its last line's end has it already
      out.append('\n');
    }
  }
}
