package dev.moonboot.json;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * JSON text as Go's encoding/json writes it, byte for byte: {@code < > &} and the line separators
 * of Unicode are escaped, so that the text can stand within HTML and JavaScript.
 */
public final class GoText {
  private final StringBuilder out = new StringBuilder();

  private GoText() {}

  /** The value on one line ({@code json.Marshal}); members keep their order, numbers their text. */
  public static String compact(Json value) {
    GoText text = new GoText();
    text.write(value);
    return text.out.toString();
  }

  /** Writes {@code text} as a string, with its quotes. Half of a surrogate pair becomes U+FFFD. */
  public static void string(String text, StringBuilder out) {
    out.append('"');
    text.codePoints().forEach(c -> character(c, out));
    out.append('"');
  }

  private static void character(int c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        if (half) {
          out.append("\\ufffd");
        } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
          out.append("\\u%04x".formatted(c));
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }

  private void write(Json value) {
    switch (value) {
      case Json.Obj(var members) ->
          list(
              '{',
              '}',
              List.copyOf(members.entrySet()),
              member -> {
                string(member.getKey(), out);
                out.append(':');
                write(member.getValue());
              });
      case Json.Arr(var items) -> list('[', ']', items, this::write);
      case Json.Str(var text) -> string(text, out);
      case Json.Num(var text) -> out.append(text);
      case Json.Bool(var flag) -> out.append(flag);
      case Json.Null() -> out.append("null");
    }
  }

  private <T> void list(char open, char close, List<T> items, Consumer<T> write) {
    out.append(open);
    for (Iterator<T> each = items.iterator(); each.hasNext(); ) {
      write.accept(each.next());
      if (each.hasNext()) {
        out.append(',');
      }
    }
    out.append(close);
  }
}
