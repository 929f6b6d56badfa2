package dev.moonboot.provision;

import dev.moonboot.template.Template;
import dev.moonboot.template.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Template data as lines of {@code NAME=value}, as matchbox writes them: the name is the path,
 * joined by underscores and in upper case, the value is not quoted. Lists and nulls have no line.
 * Unlike matchbox's, the lines are in order, so that the same data is the same text.
 */
final class MetadataText {
  private record Line(String name, String value) {}

  private final List<Line> lines = new ArrayList<>();

  private MetadataText() {}

  static String of(Value.Members root) {
    MetadataText text = new MetadataText();
    root.members().forEach((key, value) -> text.add(upper(key), value));
    return text.lines.stream()
        .sorted(
            Comparator.comparing(Line::name, Value::compareAsUtf8)
                .thenComparing(Line::value, Value::compareAsUtf8))
        .map(line -> line.name() + "=" + line.value() + "\n")
        .collect(Collectors.joining());
  }

  private void add(String name, Value value) {
    switch (value) {
      case Value.Text _, Value.Num _, Value.Flag _ ->
          lines.add(new Line(name, Template.print(value)));
      case Value.Members(var members) ->
          members.forEach((key, member) -> add(name + "_" + upper(key), member));
      case Value.Texts(var texts) ->
          texts.forEach((key, member) -> lines.add(new Line(name + "_" + upper(key), member)));
      case Value.Items _, Value.Nil _ -> {}
    }
  }

  /** One character for one, as Go's unicode.ToUpper: ß stays what it is. */
  private static String upper(String key) {
    StringBuilder upper = new StringBuilder(key.length());
    key.codePoints().map(Character::toUpperCase).forEach(upper::appendCodePoint);
    return upper.toString();
  }
}
