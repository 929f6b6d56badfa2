package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Most lists may name a thing once only; files, directories and links are things of one kind. */
final class Duplicates {
  private Duplicates() {}

  /** Notes what stands twice in the lists of {@code object}. */
  static void check(Shape shape, Json.Obj object, Place place, Problems problems) {
    Map<String, Set<String>> named = new HashMap<>();
    for (Field field : shape.fields()) {
      if (field.type() instanceof Field.Type.ListOf(var item) && !field.unlike().isEmpty()) {
        Set<String> here = named.computeIfAbsent(field.unlike(), _ -> new HashSet<>());
        List<Json> items = object.array(field.name()).orElse(List.of());
        for (int i = 0; i < items.size(); i++) {
          if (!here.add(key(item, items.get(i)))) {
            problems.add(place.member(field.name()).item(i), "is there twice");
          }
        }
      }
    }
  }

  private static String key(Field.Type type, Json item) {
    if (item instanceof Json.Str(var text)) {
      return text;
    }
    if (!(type instanceof Field.Type.Of(var shape)) || !(item instanceof Json.Obj object)) {
      throw new IllegalStateException("a list of " + type);
    }
    if (shape != Shape.PARTITION) {
      return object.text(shape.key()).orElse("");
    }
    return object
        .integer("number")
        .map(number -> "number " + number)
        .or(() -> object.text("label").map(label -> "label " + label))
        .orElse("");
  }
}
