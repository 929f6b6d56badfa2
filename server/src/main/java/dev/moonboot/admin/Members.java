package dev.moonboot.admin;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer's members, put together one by one. What is absent is null, never left out. */
final class Members {
  private final Map<String, Json> members = new LinkedHashMap<>();

  /** A string: {@code toString} of the value. */
  Members text(String name, @Nullable Object value) {
    return json(name, value == null ? new Json.Null() : new Json.Str(value.toString()));
  }

  Members text(String name, Optional<?> value) {
    return json(name, value.isPresent() ? new Json.Str(value.get().toString()) : new Json.Null());
  }

  Members number(String name, @Nullable Number value) {
    return json(name, value == null ? new Json.Null() : Json.Num.of(value.longValue()));
  }

  Members flag(String name, boolean value) {
    return json(name, new Json.Bool(value));
  }

  Members list(String name, List<? extends Json> items) {
    return json(name, new Json.Arr(List.copyOf(items)));
  }

  /** An array of strings. */
  Members texts(String name, List<?> items) {
    return list(name, items.stream().map(item -> new Json.Str(item.toString())).toList());
  }

  /** An object whose members are strings. */
  Members texts(String name, Map<String, String> values) {
    Members inner = new Members();
    values.forEach(inner::text);
    return json(name, inner.json());
  }

  Members json(String name, @Nullable Json value) {
    members.put(name, value == null ? new Json.Null() : value);
    return this;
  }

  /** All that {@code more} holds. */
  Members all(Json.Obj more) {
    members.putAll(more.members());
    return this;
  }

  Json.Obj json() {
    return new Json.Obj(members);
  }
}
