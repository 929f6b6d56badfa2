package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one config by its {@link Shape}, checks it on the way, and gives it in the order of 3.4.
 */
final class SchemaReader {
  private static final Json.Str NO_TEXT = new Json.Str("");
  private static final Json.Num ZERO = Json.Num.of(0);
  private static final Json.Bool FALSE = new Json.Bool(false);
  private static final long SPECIAL_BITS = 07000;

  private final int minor;
  private final String version;
  private final Problems problems;
  private final Rules rules;

  /**
   * @param minor of which spec the config is
   * @param version what it is to say that it is
   */
  SchemaReader(int minor, String version, Problems problems) {
    this.minor = minor;
    this.version = version;
    this.problems = problems;
    this.rules = new Rules(minor, problems);
  }

  Json.Obj config(Json.Obj config) {
    return object(Shape.CONFIG, config, Place.ROOT);
  }

  private Json.Obj object(Shape shape, @Nullable Json json, Place place) {
    boolean given = json instanceof Json.Obj;
    if (json != null && !given) {
      problems.add(place, "is not an object");
    }
    Map<String, Json> found =
        json instanceof Json.Obj(var members) ? members(shape, members) : Map.of();
    Map<String, Json> read = new LinkedHashMap<>();
    for (Field field : shape.fields()) {
      value(field, found.get(field.name()), given, place.member(field.name()))
          .ifPresent(value -> read.put(field.name(), value));
    }
    if (shape == Shape.IGNITION) {
      read.put("version", new Json.Str(version));
    }
    Json.Obj object = new Json.Obj(read);
    if (given) {
      Duplicates.check(shape, object, place, problems);
      rules.check(shape, object, place);
    }
    return object;
  }

  /** By the names of the spec; null is as if it were not there, and the last one counts. */
  private Map<String, Json> members(Shape shape, Map<String, Json> members) {
    Map<String, Json> found = new HashMap<>();
    members.forEach((name, value) -> {
      Field field = shape.field(name, minor);
      if (field != null && !(value instanceof Json.Null)) {
        found.put(field.name(), value);
      }
    });
    return found;
  }

  private Optional<Json> value(Field field, @Nullable Json json, boolean given, Place place) {
    Json value = json == null && !isAlways(field, given) ? null : read(field.type(), json, place);
    return switch (field.shown()) {
      case ALWAYS, WHEN_GIVEN -> Optional.ofNullable(value);
      case WHEN_NOT_ZERO -> Optional.ofNullable(value).filter(v -> !isZero(v));
    };
  }

  private boolean isAlways(Field field, boolean given) {
    return field.shown() == Field.Shown.ALWAYS || (given && minor < field.alwaysBefore());
  }

  private static boolean isZero(Json value) {
    return value.equals(NO_TEXT)
        || value.equals(ZERO)
        || (value instanceof Json.Arr(var items) && items.isEmpty());
  }

  private Json read(Field.Type type, @Nullable Json json, Place place) {
    return switch (type) {
      case Field.Type.Text() -> text(json, place);
      case Field.Type.Flag() -> flag(json, place);
      case Field.Type.Whole() -> number(json, place);
      case Field.Type.Mode() -> mode(number(json, place));
      case Field.Type.Of(var shape) -> object(shape, json, place);
      case Field.Type.ListOf(var item) -> list(item, json, place);
    };
  }

  private Json list(Field.Type item, @Nullable Json json, Place place) {
    if (!(json instanceof Json.Arr(var items))) {
      problems.add(place, "is not a list");
      return new Json.Arr(List.of());
    }
    List<Json> read = new ArrayList<>(items.size());
    for (Json each : items) {
      // null stands for an item of which nothing is given
      Json value = each instanceof Json.Null ? empty(item) : each;
      read.add(read(item, value, place.item(read.size())));
    }
    return new Json.Arr(read);
  }

  private static Json empty(Field.Type item) {
    return item instanceof Field.Type.Of ? new Json.Obj(Map.of()) : NO_TEXT;
  }

  private Json text(@Nullable Json json, Place place) {
    if (json instanceof Json.Str(var text)) {
      return isWhole(text) ? json : new Json.Str(mended(text));
    }
    if (json != null) {
      problems.add(place, "is not a text");
    }
    return NO_TEXT;
  }

  private static boolean isWhole(String text) {
    return text.chars().noneMatch(c -> Character.isSurrogate((char) c))
        || mended(text).equals(text);
  }

  /** As Go reads half of a surrogate pair: U+FFFD. */
  private static String mended(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private Json flag(@Nullable Json json, Place place) {
    if (json instanceof Json.Bool) {
      return json;
    }
    problems.add(place, "is neither true nor false");
    return FALSE;
  }

  private Json.Num number(@Nullable Json json, Place place) {
    Optional<Long> value = json instanceof Json.Num number ? number.asLong() : Optional.empty();
    if (value.isEmpty()) {
      problems.add(place, "is not a whole number of 64 bits");
    }
    return value.map(Json.Num::of).orElse(ZERO);
  }

  private Json mode(Json.Num mode) {
    return minor >= 4 ? mode : Json.Num.of(mode.asLong().orElseThrow() & ~SPECIAL_BITS);
  }
}
