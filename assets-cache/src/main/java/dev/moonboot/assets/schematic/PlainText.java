package dev.moonboot.assets.schematic;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an unquoted scalar means to go-yaml v4 ({@code resolve}). */
final class PlainText {
  private static final Set<String> CONSTANTS =
      Set.of(
          "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE",
          ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
          "-.Inf", "-.INF");
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  /** Truths of YAML 1.1, which are text in 1.2. */
  private static final Set<String> OLD_TRUTHS =
      Set.of(
          "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off",
          "OFF");

  /** Numbers of YAML 1.1 to the base of 60. */
  private static final Pattern SEXAGESIMAL =
      Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");

  private static final Pattern INTEGER =
      Pattern.compile(
          "([-+]?)(?:0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<binary>[01]+)|0[oO]?(?<octal>[0-7]+)"
              + "|(?<decimal>0|[1-9][0-9]*))");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
  private static final Pattern DATE = Pattern.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})");
  private static final Pattern MAYBE_TIME = Pattern.compile("[0-9]{4}-[-0-9TtZ:.,+ ]*");

  private static final Pattern FRACTION_WITH_UNDERSCORE =
      Pattern.compile("\\.[0-9][0-9._eE+-]*_[0-9._eE+-]*");

  private PlainText() {}

  /** Whether it is nothing at all: for every field the same as leaving it out. */
  static boolean isNull(String text) {
    return NULLS.contains(text);
  }

  /**
   * Quoted though it is text, for the sake of readers of YAML 1.1: by single quotes from 4.0.0-rc.5
   * on (Image Factory 1.5.0), by double ones before that.
   */
  static boolean isQuotedForOldReaders(String text) {
    return OLD_TRUTHS.contains(text) || text.equals("<<") || SEXAGESIMAL.matcher(text).matches();
  }

  /** Whether it is text, and neither null, truth, number nor date. */
  static boolean isText(String text) {
    return !CONSTANTS.contains(text) && !isDate(text) && !isNumber(text);
  }

  /**
   * Whether it might be a date with a time, of which readers know different kinds, or a date that
   * there is not, or a fraction with underscores: nothing can be said about it.
   */
  static boolean isDoubtful(String text) {
    return (MAYBE_TIME.matcher(text).matches() && !isDate(text))
        || FRACTION_WITH_UNDERSCORE.matcher(text).matches();
  }

  /** Whether that holds for it unquoted, as which some readers take any date for text. */
  static boolean isDoubtfulUnquoted(String text) {
    return isDoubtful(text) || isDate(text);
  }

  private static boolean isDate(String text) {
    Matcher date = DATE.matcher(text);
    if (!date.matches()) {
      return false;
    }
    try {
      LocalDate.of(
          Integer.parseInt(date.group(1)),
          Integer.parseInt(date.group(2)),
          Integer.parseInt(date.group(3)));
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isNumber(String text) {
    char first = text.charAt(0);
    if (first == '.') {
      return isFloat(text); // where underscores are no part of a number
    }
    if (first != '+' && first != '-' && (first < '0' || first > '9')) {
      return false;
    }
    String plain = text.replace("_", "");
    return isInteger(plain) || isFloat(plain);
  }

  private static boolean isInteger(String plain) {
    Matcher integer = INTEGER.matcher(plain);
    return integer.matches() && fits(integer);
  }

  /** Into 64 bits, with a sign or, where none is written, without. */
  private static boolean fits(Matcher integer) {
    BigInteger value = value(integer);
    return switch (integer.group(1)) {
      case "-" -> value.negate().bitLength() <= 63;
      case "+" -> value.bitLength() <= 63;
      default -> value.bitLength() <= 64;
    };
  }

  private static BigInteger value(Matcher integer) {
    if (integer.group("hex") != null) {
      return new BigInteger(integer.group("hex"), 16);
    }
    if (integer.group("binary") != null) {
      return new BigInteger(integer.group("binary"), 2);
    }
    if (integer.group("octal") != null) {
      return new BigInteger(integer.group("octal"), 8);
    }
    return new BigInteger(integer.group("decimal"));
  }

  private static boolean isFloat(String plain) {
    return FLOAT.matcher(plain).matches() && Double.isFinite(Double.parseDouble(plain));
  }
}
