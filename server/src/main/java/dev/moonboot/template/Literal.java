package dev.moonboot.template;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** Constants as Go writes them (Go's language specification, "Lexical elements"). */
final class Literal {
  private static final int MAX_SHOWN = 40;
  private static final int LARGEST_EXPONENT = 100_000;
  private static final Pattern WHOLE =
      Pattern.compile(
          "[+-]?(0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO](_?[0-7])+|0(_?[0-7])*|[1-9](_?[0-9])*)");
  private static final String DEC = "[0-9](_?[0-9])*";
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(" + DEC + "(\\.(" + DEC + ")?)?|\\." + DEC + ")([eE][+-]?" + DEC + ")?");
  private static final String HEX = "[0-9a-fA-F](_?[0-9a-fA-F])*";
  private static final Pattern HEX_FLOAT =
      Pattern.compile(
          "[+-]?0[xX](_?" + HEX + "(\\.(" + HEX + ")?)?|\\." + HEX + ")[pP][+-]?" + DEC);
  private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(64);
  private static final int LONGEST = 1000;

  private Literal() {}

  /** A short piece of a template for a message, on one line. */
  static String shown(String text) {
    String cut = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    return Quoting.quote(cut, '"', false);
  }

  static Term number(String text, int offset) throws TemplateException {
    if (text.length() > LONGEST) {
      throw new TemplateException("a number of " + text.length() + " characters");
    }
    boolean isHexInteger = text.matches("[+-]?0[xX][^pP.]*");
    if (WHOLE.matcher(text).matches()) {
      BigInteger number = whole(text.replace("_", ""));
      if (number.bitLength() < 64) {
        return new Term.Constant(new Operand.Whole(number.longValue()), offset);
      }
      if (number.signum() > 0 && number.compareTo(UNSIGNED_END) < 0) {
        return new Term.TooLarge(text, offset);
      }
    } else if (!isHexInteger) {
      double number = floating(text);
      if (Double.isFinite(number) && text.chars().anyMatch(c -> ".eEpP".indexOf(c) >= 0)) {
        return new Term.Constant(new Value.Num(number), offset);
      }
    }
    throw new TemplateException("no number, or too large: " + shown(text));
  }

  private static BigInteger whole(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
          };
      digits = digits.substring(Character.isDigit(digits.charAt(1)) ? 1 : 2);
    }
    BigInteger number = new BigInteger(digits, radix);
    return negative ? number.negate() : number;
  }

  private static double floating(String text) {
    boolean fits = FLOAT.matcher(text).matches() || HEX_FLOAT.matcher(text).matches();
    return fits && exponent(text) < LARGEST_EXPONENT
        ? Double.parseDouble(text.replace("_", ""))
        : Double.NaN;
  }

  /** Size of the exponent that is written. */
  private static int exponent(String text) {
    String lower = text.replace("_", "").toLowerCase(java.util.Locale.ROOT);
    int at =
        lower.startsWith("0x") || lower.startsWith("0x", 1)
            ? lower.indexOf('p')
            : lower.indexOf('e');
    if (at < 0) {
      return 0;
    }
    String digits = lower.substring(at + 1).replaceFirst("^[+-]?0*", "");
    return digits.length() > 6 ? LARGEST_EXPONENT : digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  static Term character(String quoted, int offset) throws TemplateException {
    Unquoting in = new Unquoting(quoted, '\'');
    long value = in.character();
    if (!in.atEnd()) {
      throw new TemplateException("no character: " + shown(quoted));
    }
    return new Term.Constant(new Operand.Whole(value), offset);
  }

  static String text(String quoted) throws TemplateException {
    if (quoted.startsWith("`")) {
      return quoted.substring(1, quoted.length() - 1).replace("\r", "");
    }
    if (quoted.indexOf('\\') < 0) {
      return quoted.substring(1, quoted.length() - 1);
    }
    Unquoting in = new Unquoting(quoted, '"');
    StringBuilder text = new StringBuilder(quoted.length());
    while (!in.atEnd()) {
      in.append(text);
    }
    return text.toString();
  }
}
