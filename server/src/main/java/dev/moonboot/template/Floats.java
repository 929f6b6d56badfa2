package dev.moonboot.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** 64-bit floating point as text, as Go's {@code strconv.FormatFloat} writes it. */
final class Floats {
  /** As many digits as it takes to read the same number again. */
  static final int SHORTEST = -1;

  private static final int DIGITS_OF_SHORTEST = 6;
  private static final int MOST_DIGITS = 1100; // no number has more that are not 0
  private static final int PLAIN_WHOLE = 1_000_000;
  private static final int MANTISSA_BITS = 52;

  private Floats() {}

  /** As <code>{{.}}</code> prints it. */
  static String shortest(double number) {
    int whole = (int) number;
    if (whole == number && Math.abs(whole) < PLAIN_WHOLE && (whole != 0 || 1 / number > 0)) {
      return Integer.toString(whole);
    }
    return format(number, 'g', SHORTEST);
  }

  /**
   * In the format {@code b e E f g G x X}.
   *
   * @param precision digits, or {@link #SHORTEST}
   */
  static String format(double number, char format, int precision) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    String sign = Double.doubleToRawLongBits(number) < 0 ? "-" : "";
    double size = Math.abs(number);
    return sign
        + switch (format) {
          case 'b' -> binary(size);
          case 'x', 'X' -> hexadecimal(size, precision, format == 'X');
          case 'f' -> plain(Digits.of(size, 'f', precision), precision);
          case 'e', 'E' -> scientific(Digits.of(size, 'e', precision), format, precision);
          default -> general(Digits.of(size, 'g', precision), format, precision);
        };
  }

  /**
   * Digits of a number.
   *
   * @param text without zeros at either end
   * @param point where the decimal point is: the number is 0.text × 10^point
   */
  private record Digits(String text, int point) {
    static Digits of(double size, char format, int precision) {
      if (size == 0) {
        return new Digits("", 0);
      }
      if (precision == SHORTEST) {
        return of(shortestDecimal(size));
      }
      BigDecimal exact = new BigDecimal(size);
      int digits = Math.min(precision, MOST_DIGITS);
      return of(
          switch (format) {
            case 'f' -> exact.setScale(digits, RoundingMode.HALF_EVEN);
            case 'e' -> exact.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
            default -> exact.round(new MathContext(Math.max(digits, 1), RoundingMode.HALF_EVEN));
          });
    }

    private static Digits of(BigDecimal decimal) {
      if (decimal.signum() == 0) {
        return new Digits("", 0);
      }
      BigDecimal stripped = decimal.stripTrailingZeros();
      return new Digits(
          stripped.unscaledValue().toString(), stripped.precision() - stripped.scale());
    }

    /** Java writes two digits where one would do. */
    private static BigDecimal shortestDecimal(double size) {
      BigDecimal decimal = new BigDecimal(Double.toString(size)).stripTrailingZeros();
      if (decimal.precision() == 2) {
        BigDecimal one = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
        if (one.doubleValue() == size) {
          return one;
        }
      }
      return decimal;
    }

    /** The digit at {@code i} after the first, or 0. */
    char at(int i) {
      return i >= 0 && i < text.length() ? text.charAt(i) : '0';
    }
  }

  private static String plain(Digits digits, int precision) {
    int fraction =
        precision == SHORTEST ? Math.max(digits.text.length() - digits.point, 0) : precision;
    StringBuilder out = new StringBuilder();
    for (int i = Math.min(0, digits.point - 1); i < Math.max(digits.point, 0); i++) {
      out.append(digits.at(i));
    }
    if (digits.point <= 0) {
      out.setLength(0);
      out.append('0');
    }
    if (fraction > 0) {
      out.append('.');
      for (int i = 0; i < Math.min(fraction, MOST_DIGITS); i++) {
        out.append(digits.at(digits.point + i));
      }
      out.repeat('0', Math.max(0, fraction - MOST_DIGITS));
    }
    return out.toString();
  }

  private static String scientific(Digits digits, char format, int precision) {
    int fraction = precision == SHORTEST ? digits.text.length() - 1 : precision;
    StringBuilder out = new StringBuilder().append(digits.at(0));
    if (fraction > 0) {
      out.append('.');
      for (int i = 1; i <= Math.min(fraction, MOST_DIGITS); i++) {
        out.append(digits.at(i));
      }
      out.repeat('0', Math.max(0, fraction - MOST_DIGITS));
    }
    int exponent = digits.text.isEmpty() ? 0 : digits.point - 1;
    return exponent(out.append(format), exponent, 2);
  }

  private static String general(Digits digits, char format, int precision) {
    int count = digits.text.length();
    int wanted = precision == SHORTEST ? count : Math.max(precision, 1);
    int limit = wanted > count && count >= digits.point ? count : wanted;
    if (precision == SHORTEST) {
      limit = DIGITS_OF_SHORTEST;
    }
    int exponent = digits.point - 1;
    if (exponent < -4 || exponent >= limit) {
      return scientific(
          digits, format == 'G' ? 'E' : 'e', Math.max(0, Math.min(wanted, count) - 1));
    }
    return plain(digits, Math.max(Math.min(wanted, count) - digits.point, 0));
  }

  private static String exponent(StringBuilder out, int exponent, int digits) {
    String text = Integer.toString(Math.abs(exponent));
    return out.append(exponent < 0 ? '-' : '+')
        .repeat('0', Math.max(0, digits - text.length()))
        .append(text)
        .toString();
  }

  private static long mantissa(double size) {
    long bits = Double.doubleToRawLongBits(size) & ((1L << MANTISSA_BITS) - 1);
    return size < Double.MIN_NORMAL ? bits : bits | 1L << MANTISSA_BITS;
  }

  private static String binary(double size) {
    return exponent(
        new StringBuilder().append(mantissa(size)).append('p'),
        Math.max(Math.getExponent(size), Double.MIN_EXPONENT) - MANTISSA_BITS,
        1);
  }

  private static String hexadecimal(double size, int precision, boolean upper) {
    int exponent = size == 0 ? 0 : Math.max(Math.getExponent(size), Double.MIN_EXPONENT);
    long mantissa = mantissa(size) << (60 - MANTISSA_BITS);
    while (mantissa != 0 && (mantissa & 1L << 60) == 0) {
      mantissa <<= 1;
      exponent--;
    }
    if (precision >= 0 && precision < 15) {
      int shift = precision * 4;
      long rest = mantissa << shift & ((1L << 60) - 1);
      mantissa >>>= 60 - shift;
      if ((rest | (mantissa & 1)) > 1L << 59) {
        mantissa++;
      }
      mantissa <<= 60 - shift;
      if ((mantissa & 1L << 61) != 0) {
        mantissa >>>= 1;
        exponent++;
      }
    }
    StringBuilder out = new StringBuilder("0x").append(mantissa >>> 60);
    long fraction = mantissa << 4;
    int digits = precision;
    if (precision < 0) {
      digits = (67 - Long.numberOfTrailingZeros(fraction)) / 4;
      digits = fraction == 0 ? 0 : digits;
    }
    if (digits > 0) {
      out.append('.');
    }
    for (int i = 0; i < digits; i++, fraction <<= 4) {
      out.append(Character.forDigit((int) (fraction >>> 60), 16));
    }
    String text = exponent(out.append('p'), exponent, 2);
    return upper ? text.toUpperCase(java.util.Locale.ROOT) : text;
  }
}
