package dev.moonboot.profile;

import dev.moonboot.json.GoText;
import dev.moonboot.json.Json;
import dev.moonboot.template.Value;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * JSON text byte for byte as Go writes it for matchbox: {@code < > &} escaped, members of free
 * objects in the order of their names. Files are indented with tabs, without a line feed at the end
 * ({@code json.MarshalIndent(value, "", "\t")}); metadata in messages has no white space.
 */
public final class GoJson {
  private static final double PLAIN_FROM = 1e-6;
  private static final double PLAIN_BELOW = 1e21;

  private final StringBuilder out = new StringBuilder();
  private final boolean indented;

  private GoJson(boolean indented) {
    this.indented = indented;
  }

  /** A free object without white space, as Go's {@code json.Marshal} writes a map. */
  public static String compact(Json.Obj value) {
    GoJson text = new GoJson(false);
    text.write(value, 0, true);
    return text.out.toString();
  }

  /**
   * The value with its numbers as Go reads them into a map: each is the 64-bit floating point
   * number nearest to it. One that is beyond those stays as it is.
   */
  public static Json rounded(Json value) {
    return switch (value) {
      case Json.Obj(var members) -> {
        Map<String, Json> rounded = new LinkedHashMap<>();
        members.forEach((name, inner) -> rounded.put(name, rounded(inner)));
        yield new Json.Obj(rounded);
      }
      case Json.Arr(var items) -> new Json.Arr(items.stream().map(GoJson::rounded).toList());
      case Json.Num(var text) -> new Json.Num(nearest(text));
      case Json.Str _, Json.Bool _, Json.Null _ -> value;
    };
  }

  private static String nearest(String text) {
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? number(Double.toString(value)).orElse(text) : text;
  }

  /**
   * @param value a group or profile: its members keep their order, as those of Go's structs do
   */
  static String text(Json.Obj value) {
    GoJson text = new GoJson(true);
    text.write(value, 0, false);
    return text.out.toString();
  }

  private void write(Json value, int depth, boolean sorted) {
    switch (value) {
      case Json.Obj(var members) -> {
        List<Map.Entry<String, Json>> entries = List.copyOf(members.entrySet());
        if (sorted) {
          entries =
              entries.stream()
                  .sorted((a, b) -> Value.compareAsUtf8(a.getKey(), b.getKey()))
                  .toList();
        }
        list(
            '{',
            '}',
            entries,
            depth,
            entry -> {
              GoText.string(entry.getKey(), out);
              out.append(indented ? ": " : ":");
              write(entry.getValue(), depth + 1, isFree(depth, entry.getKey(), sorted));
            });
      }
      case Json.Arr(var items) ->
          list('[', ']', items, depth, item -> write(item, depth + 1, sorted));
      case Json.Str(var text) -> GoText.string(text, out);
      case Json.Num(var text) -> out.append(indented ? number(text).orElseThrow() : nearest(text));
      case Json.Bool(var flag) -> out.append(flag);
      case Json.Null() -> out.append("null");
    }
  }

  private static boolean isFree(int depth, String name, boolean within) {
    return within || (depth == 0 && (name.equals("metadata") || name.equals("selector")));
  }

  private <T> void list(char open, char close, List<T> items, int depth, Consumer<T> write) {
    out.append(open);
    for (Iterator<T> each = items.iterator(); each.hasNext(); ) {
      line(depth + 1);
      write.accept(each.next());
      if (each.hasNext()) {
        out.append(',');
      } else {
        line(depth);
      }
    }
    out.append(close);
  }

  private void line(int depth) {
    if (indented) {
      out.append('\n').append("\t".repeat(depth));
    }
  }

  /**
   * The number as Go writes it, which keeps numbers as 64-bit floating point; empty when that is
   * not the same number.
   */
  static Optional<String> number(String text) {
    try {
      double value = Double.parseDouble(text);
      if (!Double.isFinite(value)) {
        return Optional.empty();
      }
      BigDecimal kept = new BigDecimal(Double.toString(value)).stripTrailingZeros();
      if (kept.compareTo(new BigDecimal(text)) != 0) {
        return Optional.empty();
      }
      double size = Math.abs(value);
      if (size == 0) {
        return Optional.of(text.startsWith("-") ? "-0" : "0");
      }
      return Optional.of(
          size < PLAIN_FROM || size >= PLAIN_BELOW ? exponential(kept) : kept.toPlainString());
    } catch (NumberFormatException e) { // an exponent that does not even fit an integer
      return Optional.empty();
    }
  }

  private static String exponential(BigDecimal value) {
    String digits = value.unscaledValue().abs().toString();
    int exponent = value.precision() - value.scale() - 1;
    return (value.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + Math.abs(exponent);
  }
}
