package dev.moonboot.template;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes operands by one verb, as Go's fmt does. */
final class Printer {
  private static final String NIL = "<nil>";

  private final Flags flags;
  private final Writing out;

  Printer(Flags flags, Writing out) {
    this.flags = flags;
    this.out = out;
  }

  /** What {@code print} writes: a space between two neither of which is a text. */
  static void print(List<Operand> operands, Writing out) throws TemplateException {
    Printer printer = new Printer(new Flags(), out);
    boolean textBefore = true;
    for (Operand operand : operands) {
      boolean isText = operand instanceof Value.Text;
      if (!isText && !textBefore) {
        out.append(' ');
      }
      printer.print(operand, 'v');
      textBefore = isText;
    }
  }

  /** What {@code println} writes. */
  static void println(List<Operand> operands, Writing out) throws TemplateException {
    Printer printer = new Printer(new Flags(), out);
    for (int i = 0; i < operands.size(); i++) {
      if (i > 0) {
        out.append(' ');
      }
      printer.print(operands.get(i), 'v');
    }
    out.append('\n');
  }

  /** What an action writes. */
  static void action(Operand operand, Writing out) throws TemplateException {
    switch (operand) {
      case Value.Text(var text) -> out.append(text);
      case Value.Num(var number) -> out.append(Floats.shortest(number));
      case Value.Nil() -> out.append("<no value>");
      case Value.Flag(var flag) -> out.append(flag ? "true" : "false");
      case Operand.Whole(var number) -> out.append(Long.toString(number));
      default -> new Printer(new Flags(), out).print(operand, 'v');
    }
  }

  void print(Operand operand, int verb) throws TemplateException {
    if (operand instanceof Value.Nil) {
      if (verb == 'T' || verb == 'v') {
        flags.pad(NIL, out);
      } else {
        unfit(operand, verb);
      }
    } else if (verb == 'T') {
      flags.pad(flags.cut(Operand.goType(operand)), out);
    } else {
      write(operand, verb);
    }
  }

  /** Writes {@code %!verb(type=value)}: Go has no such verb for such a type. */
  private void unfit(Operand operand, int verb) throws TemplateException {
    out.append("%!").appendCodePoint(verb).append('(');
    if (operand instanceof Value.Nil) {
      out.append(NIL);
    } else {
      out.append(Operand.goType(operand)).append('=');
      write(operand, 'v');
    }
    out.append(')');
  }

  private void write(Operand operand, int point) throws TemplateException {
    char verb = point < 0x80 ? (char) point : 0;
    boolean fits =
        switch (operand) {
          case Value.Text(var text) -> text(text, verb);
          case Value.Num(var number) -> number(number, verb);
          case Value.Flag(var flag) -> flag(flag, verb);
          case Value.Nil() -> {
            out.append(flags.source ? "interface {}(nil)" : NIL);
            yield true;
          }
          case Operand.Whole(var number) -> new Integers(flags, out).write(number, true, verb);
          case Operand.Octet(var number) -> new Integers(flags, out).write(number, false, verb);
          case Value.Items(var items) -> verb != 'w' && verb != 'p' && list(operand, items, point);
          case Value.Members(var members) ->
              verb != 'w' && verb != 'p' && members(operand, members, point);
          case Value.Texts(var texts) -> verb != 'w' && verb != 'p' && texts(operand, texts, point);
        };
    if (!fits) {
      unfit(operand, point);
    }
  }

  private boolean flag(boolean flag, char verb) throws TemplateException {
    if (verb != 't' && verb != 'v') {
      return false;
    }
    flags.pad(flag ? "true" : "false", out);
    return true;
  }

  private boolean text(String text, char verb) throws TemplateException {
    switch (verb) {
      case 'v' -> {
        if (flags.source) {
          quote(text);
        } else {
          flags.pad(flags.cut(text), out);
        }
      }
      case 's' -> flags.pad(flags.cut(text), out);
      case 'q' -> quote(text);
      case 'x', 'X' -> hexadecimal(text, verb);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void quote(String text) throws TemplateException {
    String cut = flags.cut(text);
    flags.pad(
        flags.sharp && Quoting.fitsBackquotes(cut)
            ? "`" + cut + "`"
            : Quoting.quote(cut, '"', flags.plus),
        out);
  }

  private void hexadecimal(String text, char verb) throws TemplateException {
    byte[] bytes = Utf8.bytes(text);
    int count =
        flags.precision == Flags.NONE ? bytes.length : Math.min(bytes.length, flags.precision);
    if (count == 0) {
      out.repeat(flags.zero ? '0' : ' ', flags.width);
      return;
    }
    String prefix = flags.sharp ? "0" + verb : "";
    HexFormat format =
        HexFormat.ofDelimiter(flags.space ? " " : "").withPrefix(flags.space ? prefix : "");
    String digits = (verb == 'X' ? format.withUpperCase() : format).formatHex(bytes, 0, count);
    flags.pad(flags.space ? digits : prefix + digits, out);
  }

  private boolean number(double number, char verb) throws TemplateException {
    int precision = flags.precision;
    switch (verb) {
      case 'v' -> fraction(number, 'g', precision);
      case 'b', 'g', 'G', 'x', 'X' -> fraction(number, verb, precision);
      case 'e', 'E', 'f', 'F' ->
          fraction(number, verb == 'F' ? 'f' : verb, precision == Flags.NONE ? 6 : precision);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void fraction(double number, char format, int precision) throws TemplateException {
    String text = Floats.format(number, format, precision);
    boolean hasSign = text.charAt(0) == '-' || text.charAt(0) == '+';
    String size = hasSign ? text.substring(1) : text;
    String sign = text.charAt(0) == '-' ? "-" : flags.plus ? "+" : flags.space ? " " : "";
    if (!Double.isFinite(number)) {
      flags.padWithSpaces((Double.isInfinite(number) && sign.isEmpty() ? "+" : sign) + size, out);
      return;
    }
    if (flags.sharp && format != 'b') {
      size = withPoint(size, format, precision);
    }
    if (!sign.isEmpty() && flags.zero && flags.width > size.length() + 1) {
      out.append(sign).repeat('0', flags.width - size.length() - 1).append(size);
    } else {
      flags.pad(sign + size, out);
    }
  }

  /** What {@code #} adds: a decimal point and, but for {@code e} and {@code f}, zeros. */
  private static String withPoint(String size, char format, int precision) {
    boolean isHex = format == 'x' || format == 'X';
    int exponent =
        size.indexOf(
            isHex ? (format == 'x' ? 'p' : 'P') : format == 'G' || format == 'E' ? 'E' : 'e');
    String tail = exponent < 0 ? "" : size.substring(exponent);
    String digits = exponent < 0 ? size : size.substring(0, exponent);
    int wanted =
        format == 'g' || format == 'G' || format == 'x' ? precision < 0 ? 6 : precision : 0;
    boolean significant = false;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      significant |= c != '0' && c != '.';
      wanted -= significant && c != '.' ? 1 : 0;
    }
    StringBuilder out = new StringBuilder(digits);
    if (digits.indexOf('.') < 0) {
      wanted -= digits.equals("0") ? 1 : 0;
      out.append('.');
    }
    return out.repeat('0', Math.max(0, wanted)).append(tail).toString();
  }

  private boolean list(Operand list, List<Value> items, int verb) throws TemplateException {
    out.append(flags.source ? Operand.goType(list) + "{" : "[");
    boolean first = true;
    for (Value item : items) {
      separate(first);
      first = false;
      write(item, verb);
    }
    out.append(flags.source ? '}' : ']');
    return true;
  }

  private boolean members(Operand map, Map<String, Value> members, int verb)
      throws TemplateException {
    out.append(flags.source ? Operand.goType(map) + "{" : "map[");
    boolean first = true;
    for (Map.Entry<String, Value> member : members.entrySet()) {
      separate(first);
      first = false;
      write(new Value.Text(member.getKey()), verb);
      out.append(':');
      write(member.getValue(), verb);
    }
    out.append(flags.source ? '}' : ']');
    return true;
  }

  private boolean texts(Operand map, Map<String, String> texts, int verb) throws TemplateException {
    out.append(flags.source ? Operand.goType(map) + "{" : "map[");
    boolean first = true;
    for (Map.Entry<String, String> text : texts.entrySet()) {
      separate(first);
      first = false;
      write(new Value.Text(text.getKey()), verb);
      out.append(':');
      write(new Value.Text(text.getValue()), verb);
    }
    out.append(flags.source ? '}' : ']');
    return true;
  }

  private void separate(boolean first) throws TemplateException {
    if (!first) {
      out.append(flags.source ? ", " : " ");
    }
  }
}
