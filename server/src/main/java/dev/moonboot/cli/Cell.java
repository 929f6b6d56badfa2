package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One value of a table.
 *
 * @param shown as a person reads it best
 * @param exact as a program needs it
 */
record Cell(String shown, String exact) {
  static final Cell NONE = new Cell("-", "");

  /** What a terminal may take for commands, or shows in another order than it is written. */
  private static final Pattern UNSAFE =
      Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]");

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final int SHORT_DIGEST = "sha256:".length() + 12;

  /** Text from elsewhere, safe to be printed. */
  static String clean(String text) {
    return UNSAFE.matcher(text).replaceAll("?");
  }

  static Cell of(String text) {
    String clean = clean(text);
    if (clean.isEmpty()) {
      return NONE;
    }
    return DIGEST.matcher(clean).matches()
        ? new Cell(clean.substring(0, SHORT_DIGEST), clean)
        : new Cell(clean, clean);
  }

  static Cell size(long bytes) {
    return new Cell(TextTable.size(bytes), Long.toString(bytes));
  }

  /** A scalar; a list of scalars joined by commas; anything deeper as JSON. */
  static Cell of(Json value) {
    return switch (value) {
      case Json.Str(var text) -> of(text);
      case Json.Num(var text) -> of(text);
      case Json.Bool(var flag) -> of(flag ? "yes" : "no");
      case Json.Null() -> NONE;
      case Json.Arr(var items) when items.stream().noneMatch(Cell::isDeep) -> joined(items);
      case Json.Arr _, Json.Obj _ -> of(value.compact());
    };
  }

  static boolean isDeep(Json value) {
    return value instanceof Json.Obj || value instanceof Json.Arr;
  }

  private static Cell joined(List<Json> items) {
    List<Cell> cells = items.stream().map(Cell::of).toList();
    return cells.isEmpty()
        ? NONE
        : new Cell(
            cells.stream().map(Cell::shown).collect(Collectors.joining(", ")),
            cells.stream().map(Cell::exact).collect(Collectors.joining(",")));
  }

  /**
   * A member by its path: {@code release.version}; a name that ends in {@code bytes} or {@code
   * size} is a size, in any case.
   */
  static Cell member(Json.Obj object, String path) {
    int dot = path.indexOf('.');
    if (dot > 0) {
      Optional<Json.Obj> inner = object.object(path.substring(0, dot));
      return inner.isPresent() ? member(inner.get(), path.substring(dot + 1)) : NONE;
    }
    Optional<Json> value = object.member(path);
    String name = path.toLowerCase(Locale.ROOT);
    if (value.orElse(null) instanceof Json.Num number
        && (name.endsWith("bytes") || name.endsWith("size"))) {
      return number.asLong().map(Cell::size).orElseGet(() -> of(number));
    }
    return value.map(Cell::of).orElse(NONE);
  }
}
