package dev.moonboot.yaml;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/** Reads one YAML document (YAML 1.2, JSON schema). */
public final class Yaml {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_ALIASES = 0;

  /** Every scalar without a tag of its own is a text. */
  private static final Schema TEXTS =
      new Schema() {
        @Override
        public ScalarResolver getScalarResolver() {
          return (_, _) -> Tag.STR;
        }

        @Override
        public Map<Tag, ConstructNode> getSchemaTagConstructors() {
          return new JsonSchema().getSchemaTagConstructors();
        }
      };

  private Yaml() {}

  /**
   * The document in {@code text}. Keys that are no strings are taken by their text.
   *
   * @throws YamlException when it is not YAML, has an alias, a key twice, more than one document,
   *     or more than 1 MiB; the message names the line
   */
  public static Json parse(String text) {
    return parse(text, new JsonSchema());
  }

  /**
   * As {@link #parse}, with every scalar as it is written: {@code 1.10} is the text {@code 1.10},
   * nothing at all is the empty text. So Go reads fields that are strings.
   *
   * @throws YamlException as {@link #parse} does
   */
  public static Json parseTexts(String text) {
    return parse(text, TEXTS);
  }

  /**
   * The document in {@code text} as it is written: which scalars are quoted, and each one's text.
   * Only what all YAML readers take alike is read, so that nothing has to be guessed.
   *
   * @return empty when there is no document
   * @throws YamlException when it is not YAML, or of the rest; the message names the line
   */
  public static Optional<YamlNode> nodes(String text) {
    return reading(
        () -> Optional.ofNullable(NodeReader.read(text, settings(new FailsafeSchema()))));
  }

  private static Json parse(String text, Schema schema) {
    return reading(() -> json(new Load(settings(schema)).loadFromString(text)));
  }

  private static LoadSettings settings(Schema schema) {
    return LoadSettings.builder()
        .setSchema(schema)
        .setCodePointLimit(MAX_CHARACTERS)
        .setMaxAliasesForCollections(MAX_ALIASES)
        .setAllowDuplicateKeys(false)
        .setParseComments(false)
        .build();
  }

  private static <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (MarkedYamlEngineException e) {
      throw new YamlException(
          e.getProblem()
              + e.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse(""),
          e);
    } catch (YamlEngineException | StackOverflowError e) {
      throw new YamlException("not usable as YAML", e);
    }
  }

  private static Json json(Object value) {
    return switch (value) {
      case null -> new Json.Null();
      case String text -> new Json.Str(text);
      case Boolean bool -> new Json.Bool(bool);
      case Number number -> new Json.Num(number.toString());
      case List<?> list -> {
        List<Json> items = new ArrayList<>();
        list.forEach(item -> items.add(json(item)));
        yield new Json.Arr(items);
      }
      case Map<?, ?> map -> {
        Map<String, Json> members = new LinkedHashMap<>();
        map.forEach((key, item) -> members.put(String.valueOf(key), json(item)));
        yield new Json.Obj(members);
      }
      default -> new Json.Str(value.toString());
    };
  }
}
