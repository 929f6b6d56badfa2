package dev.moonboot.template;

import java.util.Locale;

/** Whole numbers as Go's fmt writes them. */
final class Integers {
  private static final int LONGEST = 3 + 64;

  private final Flags flags;
  private final Writing out;

  Integers(Flags flags, Writing out) {
    this.flags = flags;
    this.out = out;
  }

  /** Writes it by a verb; false when that is none for whole numbers. */
  boolean write(long number, boolean isSigned, char verb) throws TemplateException {
    switch (verb) {
      case 'v' -> {
        if (flags.source && !isSigned) {
          flags.sharp = true;
          digits(number, 16, isSigned, verb);
          flags.sharp = false;
        } else {
          digits(number, 10, isSigned, verb);
        }
      }
      case 'd' -> digits(number, 10, isSigned, verb);
      case 'b' -> digits(number, 2, isSigned, verb);
      case 'o', 'O' -> digits(number, 8, isSigned, verb);
      case 'x', 'X' -> digits(number, 16, isSigned, verb);
      case 'c' -> flags.pad(Character.toString(character(number)), out);
      case 'q' ->
          flags.pad(Quoting.quote(Character.toString(character(number)), '\'', flags.plus), out);
      case 'U' -> unicode(number);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int character(long number) {
    boolean valid =
        number >= 0
            && number <= Character.MAX_CODE_POINT
            && (number < Character.MIN_SURROGATE || number > Character.MAX_SURROGATE);
    return valid ? (int) number : 0xFFFD;
  }

  private void digits(long number, int base, boolean isSigned, char verb) throws TemplateException {
    boolean negative = isSigned && number < 0;
    String digits = Long.toUnsignedString(negative ? -number : number, base);
    if (verb == 'X') {
      digits = digits.toUpperCase(Locale.ROOT);
    }
    int least = 0;
    if (flags.precision != Flags.NONE) {
      least = flags.precision;
      if (least == 0 && number == 0) {
        out.repeat(' ', flags.width);
        return;
      }
    } else if (flags.zero && flags.width > 0) {
      least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
    }
    Writing text = new Writing(Math.max(least, 0) + LONGEST);
    text.append(negative ? "-" : flags.plus ? "+" : flags.space ? " " : "");
    text.append(verb == 'O' ? "0o" : "");
    String zeros = least > digits.length() ? "0" : "";
    if (flags.sharp) {
      text.append(
          switch (base) {
            case 2 -> "0b";
            case 8 -> zeros.isEmpty() && digits.charAt(0) != '0' ? "0" : "";
            case 16 -> verb == 'X' ? "0X" : "0x";
            default -> "";
          });
    }
    text.repeat('0', least - digits.length()).append(digits);
    flags.padWithSpaces(text.toString(), out);
  }

  private void unicode(long number) throws TemplateException {
    String digits = Long.toHexString(number).toUpperCase(Locale.ROOT);
    int least = Math.max(flags.precision, 4);
    Writing text = new Writing(least + LONGEST);
    text.append("U+").repeat('0', least - digits.length()).append(digits);
    boolean known = number >= 0 && number <= Character.MAX_CODE_POINT;
    if (flags.sharp && known && Quoting.isPrint((int) number)) {
      text.append(" '").appendCodePoint((int) number).append('\'');
    }
    flags.padWithSpaces(text.toString(), out);
  }
}
