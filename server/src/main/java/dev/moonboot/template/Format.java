package dev.moonboot.template;

import java.util.List;

/** {@code printf}: a format with its operands (Go's package fmt, "Printing"). */
final class Format {
  private static final int LARGEST = 1_000_000; // of widths and precisions; Go ignores larger ones

  private final String format;
  private final List<Operand> operands;
  private final Writing out;
  private final int lastClose;
  private int at;
  private int argument;
  private boolean reordered;
  private boolean goodIndex;
  private boolean afterIndex;

  private Format(String format, List<Operand> operands, Writing out) {
    this.format = format;
    this.operands = operands;
    this.out = out;
    lastClose = format.lastIndexOf(']');
  }

  static void write(String format, List<Operand> operands, Writing out) throws TemplateException {
    new Format(format, operands, out).run();
  }

  private void run() throws TemplateException {
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      int end = percent < 0 ? format.length() : percent;
      out.append(format.substring(at, end));
      at = end + 1;
      if (percent >= 0) {
        directive();
      }
    }
    if (!reordered && argument < operands.size()) {
      extra();
    }
  }

  private void directive() throws TemplateException {
    Flags flags = new Flags();
    goodIndex = true;
    afterIndex = false;
    while (at < format.length() && flag(flags, format.charAt(at))) {
      at++;
    }
    index();
    width(flags);
    precision(flags);
    if (!afterIndex) {
      index();
    }
    if (at >= format.length()) {
      out.append("%!(NOVERB)");
      return;
    }
    int verb = format.codePointAt(at);
    at += Character.charCount(verb);
    if (verb == '%') {
      out.append('%');
    } else if (!goodIndex) {
      out.append("%!").appendCodePoint(verb).append("(BADINDEX)");
    } else if (argument >= operands.size()) {
      out.append("%!").appendCodePoint(verb).append("(MISSING)");
    } else {
      if (verb == 'v') {
        flags.forVerbV();
      }
      Operand operand = operands.get(argument++);
      out.require(Math.max(flags.width, operand instanceof Value.Text ? 0 : flags.precision));
      new Printer(flags, out).print(operand, verb);
    }
  }

  private static boolean flag(Flags flags, char c) {
    switch (c) {
      case '#' -> flags.sharp = true;
      case '0' -> flags.zero = !flags.minus;
      case '+' -> flags.plus = true;
      case '-' -> {
        flags.minus = true;
        flags.zero = false;
      }
      case ' ' -> flags.space = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean isAt(char c) {
    return at < format.length() && format.charAt(at) == c;
  }

  /** Reads {@code [n]}, which chooses the operand. */
  private void index() {
    if (!isAt('[')) {
      return;
    }
    reordered = true;
    int close = at > lastClose ? -1 : format.indexOf(']', at);
    boolean hasRoom = format.length() - at >= 3;
    if (close < 0 || !hasRoom) {
      goodIndex = false;
      at++;
      afterIndex = false;
      return;
    }
    String digits = format.substring(at + 1, close);
    at = close + 1;
    int number = number(digits);
    afterIndex = number >= 0;
    if (number >= 1 && number <= operands.size()) {
      argument = number - 1;
    } else {
      goodIndex = false;
    }
  }

  /** Digits as a number; -1 when they are none, or too large. */
  private static int number(String digits) {
    boolean good = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    String significant = good ? digits.replaceFirst("^0+(?=.)", "") : "";
    if (significant.isEmpty() || significant.length() > 8) {
      return -1;
    }
    int number = Integer.parseInt(significant);
    return number / 10 > LARGEST ? -1 : number; // Go looks before it takes the last digit
  }

  private void width(Flags flags) throws TemplateException {
    if (isAt('*')) {
      at++;
      Integer star = star();
      if (star == null) {
        out.append("%!(BADWIDTH)");
      } else {
        flags.width = Math.abs(star);
        flags.minus |= star < 0;
        flags.zero &= star >= 0;
      }
      afterIndex = false;
      return;
    }
    flags.width = digits();
    goodIndex &= !afterIndex || flags.width == Flags.NONE;
  }

  private void precision(Flags flags) throws TemplateException {
    if (!isAt('.') || at + 1 >= format.length()) {
      return;
    }
    at++;
    goodIndex &= !afterIndex;
    afterIndex = false;
    index();
    if (isAt('*')) {
      at++;
      Integer star = star();
      if (star == null || star < 0) {
        out.append("%!(BADPREC)");
      } else {
        flags.precision = star;
      }
      afterIndex = false;
    } else {
      flags.precision = Math.max(0, digits());
    }
  }

  /** Reads digits. Too large a number swallows the rest of the format, as in Go. */
  private int digits() {
    int start = at;
    while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      return Flags.NONE;
    }
    int number = number(format.substring(start, at));
    if (number < 0) {
      at = format.length();
    }
    return number;
  }

  /** The operand that {@code *} takes; null when it is none that fits. */
  private @org.jspecify.annotations.Nullable Integer star() {
    if (argument >= operands.size()) {
      return null;
    }
    long number =
        switch (operands.get(argument++)) {
          case Operand.Whole(var whole) -> whole;
          case Operand.Octet(var octet) -> octet;
          default -> Long.MAX_VALUE;
        };
    return number > LARGEST || number < -LARGEST ? null : (Integer) (int) number;
  }

  private void extra() throws TemplateException {
    out.append("%!(EXTRA ");
    for (int i = argument; i < operands.size(); i++) {
      Operand operand = operands.get(i);
      out.append(i > argument ? ", " : "");
      if (operand instanceof Value.Nil) {
        out.append("<nil>");
      } else {
        out.append(Operand.goType(operand)).append('=');
        new Printer(new Flags(), out).print(operand, 'v');
      }
    }
    out.append(')');
  }
}
