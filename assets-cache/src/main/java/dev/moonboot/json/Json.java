package dev.moonboot.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A JSON value (RFC 8259). Immutable; members keep their order. */
public sealed interface Json {
  /** An object. */
  record Obj(Map<String, Json> members) implements Json {
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member, unless it is absent or null. */
    public Optional<Json> member(String name) {
      return Optional.ofNullable(members.get(name)).filter(value -> !(value instanceof Null));
    }

    /** The member, if it is a string. */
    public Optional<String> text(String name) {
      return member(name).flatMap(only(Str.class)).map(Str::value);
    }

    /** The member, if it is an integer within the range of long. */
    public Optional<Long> integer(String name) {
      return member(name).flatMap(only(Num.class)).flatMap(Num::asLong);
    }

    /** The member, if it is an object. */
    public Optional<Obj> object(String name) {
      return member(name).flatMap(only(Obj.class));
    }

    /** The items of the member, if it is an array; otherwise nothing. */
    public Optional<List<Json>> array(String name) {
      return member(name).flatMap(only(Arr.class)).map(Arr::items);
    }

    private static <T extends Json> Function<Json, Optional<T>> only(Class<T> type) {
      return value -> type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }
  }

  /** A string. */
  record Str(String value) implements Json {}

  /** A number, by its text: nothing is rounded. */
  record Num(String text) implements Json {
    public static Num of(long value) {
      return new Num(Long.toString(value));
    }

    /** The value, if the text is a plain integer within the range of long. */
    public Optional<Long> asLong() {
      try {
        return Optional.of(Long.parseLong(text));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  /** {@code true} or {@code false}. */
  record Bool(boolean value) implements Json {}

  /** {@code null}. */
  record Null() implements Json {}

  /** The text of this value: compact, on one line. */
  default String compact() {
    return JsonText.write(this, false);
  }

  /** The text of this value for people: indented by two, ending with a line feed. */
  default String pretty() {
    return JsonText.write(this, true) + "\n";
  }
}
