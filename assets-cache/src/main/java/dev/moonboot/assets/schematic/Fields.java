package dev.moonboot.assets.schematic;

import dev.moonboot.yaml.YamlNode;
import dev.moonboot.yaml.YamlNode.Mapping;
import dev.moonboot.yaml.YamlNode.Scalar;
import dev.moonboot.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The members of one mapping, each taken once; what is left at the {@link #end} is unknown. A
 * member that is null or absent is empty, as Go has it.
 */
final class Fields {
  private final String prefix;
  private final String place;
  private final Map<String, YamlNode> left;
  private final TreeSet<String> known = new TreeSet<>();

  Fields(String prefix, String place, Mapping mapping) {
    this.prefix = prefix;
    this.place = place;
    this.left = new LinkedHashMap<>(mapping.members());
  }

  String path(String name) {
    return prefix + name;
  }

  /** Null when it is absent. */
  @Nullable YamlNode take(String name) {
    known.add(name);
    return left.remove(name);
  }

  private @Nullable YamlNode takeValue(String name) {
    YamlNode value = take(name);
    return value instanceof Scalar scalar && isNull(scalar) ? null : value;
  }

  private static boolean isNull(Scalar scalar) {
    return scalar.plain() && PlainText.isNull(scalar.text());
  }

  Fields mapping(String name) {
    return switch (takeValue(name)) {
      case null -> mapping(name, new Mapping(Map.of(), 0));
      case Mapping mapping -> mapping(name, mapping);
      case Scalar scalar -> throw unexpected(path(name), scalar, "a mapping");
      case Sequence sequence -> throw unexpected(path(name), sequence, "a mapping");
    };
  }

  private Fields mapping(String name, Mapping mapping) {
    return new Fields(path(name) + ".", path(name), mapping);
  }

  /** Empty where it is absent. */
  String text(String name) {
    return text(name, "");
  }

  String text(String name, String absent) {
    YamlNode node = takeValue(name);
    return node == null ? absent : checkedText(path(name), node);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (YamlNode item : sequence(name)) {
      String path = path(name) + "[" + texts.size() + "]";
      if (item instanceof Scalar scalar && isNull(scalar)) {
        throw new SchematicException(
            "%s (line %d): nothing is there; leave it out, or write \"\""
                .formatted(path, item.line()));
      }
      texts.add(checkedText(path, item));
    }
    return texts;
  }

  List<Fields> items(String name) {
    List<Fields> items = new ArrayList<>();
    for (YamlNode item : sequence(name)) {
      String path = path(name) + "[" + items.size() + "]";
      if (!(item instanceof Mapping mapping)) {
        throw unexpected(path, item, "a mapping");
      }
      items.add(new Fields(path + ".", path, mapping));
    }
    return items;
  }

  private List<YamlNode> sequence(String name) {
    return switch (takeValue(name)) {
      case null -> List.of();
      case Sequence(var items, _) -> items;
      case Scalar scalar -> throw unexpected(path(name), scalar, "a list");
      case Mapping mapping -> throw unexpected(path(name), mapping, "a list");
    };
  }

  /** 0 where it is absent. */
  long number(String name) {
    YamlNode node = takeValue(name);
    if (node == null) {
      return 0;
    }
    if (node instanceof Scalar(var text, var plain, _)
        && plain
        && text.matches("0|[1-9][0-9]{0,17}|0x[0-9A-Fa-f]{1,15}")) {
      return Long.decode(text);
    }
    throw unexpected(
        path(name), node, "a number in decimal digits, or in hexadecimal ones after 0x,");
  }

  /** False where it is absent. */
  boolean truth(String name) {
    YamlNode node = takeValue(name);
    if (node == null) {
      return false;
    }
    if (node instanceof Scalar(var text, var plain, _)
        && plain
        && (text.equals("true") || text.equals("false"))) {
      return Boolean.parseBoolean(text);
    }
    throw unexpected(path(name), node, "true or false");
  }

  /**
   * @throws SchematicException when something is left
   */
  void end() {
    if (!left.isEmpty()) {
      var unknown = left.entrySet().iterator().next();
      throw new SchematicException(
          "%s (line %d): no such field in %s, which has %s"
              .formatted(
                  path(unknown.getKey()),
                  unknown.getValue().line(),
                  place,
                  String.join(", ", known)));
    }
  }

  private static String checkedText(String path, YamlNode node) {
    if (node instanceof Scalar scalar) {
      return checked(path, scalar);
    }
    throw unexpected(path, node, "text");
  }

  /**
   * The scalar's text.
   *
   * @throws SchematicException where factories of different age read or write it differently
   */
  static String checked(String path, Scalar scalar) {
    String text = scalar.text();
    if (PlainText.isQuotedForOldReaders(text)) {
      throw new SchematicException(
          "%s (line %d): \"%s\" is quoted differently by factories of different age; ask the factory"
                  .formatted(path, scalar.line(), text)
              + " for its id");
    }
    boolean doubtful =
        scalar.plain() ? PlainText.isDoubtfulUnquoted(text) : PlainText.isDoubtful(text);
    if (doubtful) {
      throw new SchematicException(
          "%s (line %d): whether \"%s\" is text depends on the factory's age; ask the factory for"
                  .formatted(path, scalar.line(), text)
              + " its id"
              + (scalar.plain() ? ", or quote it" : ""));
    }
    if (ScalarStyle.of(text) == ScalarStyle.LITERAL
        && (text.indexOf('\t') >= 0 || text.stripLeading().length() < text.length())) {
      throw new SchematicException(
          "%s (line %d): a text of several lines that has a tab or begins with a blank is written"
                  .formatted(path, scalar.line())
              + " differently by different factories; ask the factory for its id");
    }
    text.chars()
        .filter(Fields::isExotic)
        .findFirst()
        .ifPresent(c -> {
          throw new SchematicException(
              "%s (line %d): the character U+%04X is written differently by different factories;"
                      .formatted(path, scalar.line(), c)
                  + " ask the factory for its id");
        });
    return text;
  }

  /** Line breaks of Unicode, C1 controls, NUL, and what lies beyond the first plane. */
  private static boolean isExotic(int c) {
    return c == 0
        || (c >= 0x80 && c < 0xa0)
        || c == 0x2028
        || c == 0x2029
        || c == 0xfeff
        || c >= 0xfffe
        || Character.isSurrogate((char) c);
  }

  private static SchematicException unexpected(String path, YamlNode node, String what) {
    return new SchematicException(
        "%s (line %d): %s was expected".formatted(path, node.line(), what));
  }
}
