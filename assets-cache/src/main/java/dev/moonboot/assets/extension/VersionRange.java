package dev.moonboot.assets.extension;

import dev.moonboot.assets.PreRelease;
import dev.moonboot.assets.TalosVersion;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A constraint on the version of Talos, as Talos itself reads it (blang/semver v4, ParseRange):
 * {@code >= v1.5.0}, {@code >1.4.0 <2.0.0 || 1.x}. A blank means and, {@code ||} means or and binds
 * less, {@code x} stands for any number. Odd cases come out as they do there: {@code !=1.x} is met
 * by no version, and a lone sign before a blank is passed over.
 */
public final class VersionRange {
  private static final int MAX_LENGTH = 256;
  private static final Pattern VERSION_SIGN = Pattern.compile("v(?=[0-9])");
  private static final Pattern VERSION =
      Pattern.compile(
          "(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)"
              + "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final List<List<Comparison>> anyOf;

  private VersionRange(List<List<Comparison>> anyOf) {
    this.anyOf = anyOf;
  }

  /**
   * Reads a constraint; an empty one is met by every version.
   *
   * @throws IllegalArgumentException when Talos could not read it; the message says why
   */
  public static VersionRange parse(String text) {
    if (text.isEmpty()) {
      return new VersionRange(List.of(List.of()));
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
    }
    List<List<Comparison>> anyOf = new ArrayList<>();
    List<Comparison> allOf = new ArrayList<>();
    boolean open = true; // an "or" wants something before and behind it
    for (String part : parts(VERSION_SIGN.matcher(text).replaceAll(""))) {
      if (part.equals("||")) {
        requireSomething(open);
        anyOf.add(allOf);
        allOf = new ArrayList<>();
      } else {
        allOf.addAll(comparisons(part));
      }
      open = part.equals("||");
    }
    requireSomething(open);
    anyOf.add(allOf);
    return new VersionRange(anyOf);
  }

  private static void requireSomething(boolean open) {
    if (open) {
      throw new IllegalArgumentException("it names no version before or behind \"||\", or none");
    }
  }

  /** Split at blanks, but not behind a sign; what is shorter than two characters goes. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    char last = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != ' ') {
        last = text.charAt(i);
      } else if ("><=".indexOf(last) < 0) {
        add(parts, text.substring(from, i));
        from = i + 1;
      }
    }
    add(parts, text.substring(from));
    return parts;
  }

  private static void add(List<String> parts, String part) {
    if (part.length() > 1) {
      parts.add(part.replace(" ", ""));
    }
  }

  private static List<Comparison> comparisons(String part) {
    int digit = 0;
    while (digit < part.length() && !isDigit(part.charAt(digit))) {
      digit++;
    }
    if (digit == part.length()) {
      throw new IllegalArgumentException("\"" + part + "\" has no version");
    }
    Sign sign = Sign.of(part.substring(0, digit), part);
    String version = part.substring(digit);
    return part.contains(".x")
        ? wild(sign, version)
        : List.of(new Comparison(sign, Version.of(version)));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** What a version with an {@code x} at its end means. */
  private static List<Comparison> wild(Sign sign, String version) {
    String flat = version.replaceFirst("\\.x\\.x", ".x").replaceFirst("\\.x", ".0");
    String[] numbers = flat.split("\\.", -1);
    Version first = Version.of(numbers.length == 2 ? flat + ".0" : flat);
    if (!version.endsWith(".x")) {
      throw new IllegalArgumentException("\"" + version + "\" has an x before its end");
    }
    boolean patch = version.split("\\.", -1).length == 3;
    return switch (sign) {
      case GREATER -> List.of(new Comparison(Sign.AT_LEAST, first.next(patch)));
      case AT_LEAST -> List.of(new Comparison(Sign.AT_LEAST, first));
      case LESS -> List.of(new Comparison(Sign.LESS, first));
      case AT_MOST -> List.of(new Comparison(Sign.LESS, first.next(patch)));
      case EQUAL ->
          List.of(
              new Comparison(Sign.AT_LEAST, first), new Comparison(Sign.LESS, first.next(patch)));
      case OTHER ->
          List.of(
              new Comparison(Sign.LESS, first), new Comparison(Sign.AT_LEAST, first.next(patch)));
    };
  }

  /** Whether the version meets it; a pre-release counts as the release it comes before. */
  public boolean contains(TalosVersion version) {
    return contains(
        new Version(
            BigInteger.valueOf(version.major()),
            BigInteger.valueOf(version.minor()),
            BigInteger.valueOf(version.patch()),
            List.of()));
  }

  private boolean contains(Version version) {
    return anyOf.stream()
        .anyMatch(allOf -> allOf.stream().allMatch(comparison -> comparison.holds(version)));
  }

  private record Comparison(Sign sign, Version with) {
    boolean holds(Version version) {
      return sign.holds(version.compareTo(with));
    }
  }

  private enum Sign {
    EQUAL,
    OTHER,
    GREATER,
    AT_LEAST,
    LESS,
    AT_MOST;

    /**
     * Whether it holds.
     *
     * @param order as {@link Comparable#compareTo} gives it
     */
    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case OTHER -> order != 0;
        case GREATER -> order > 0;
        case AT_LEAST -> order >= 0;
        case LESS -> order < 0;
        case AT_MOST -> order <= 0;
      };
    }

    static Sign of(String written, String part) {
      return switch (written) {
        case "", "=", "==" -> EQUAL;
        case "!", "!=" -> OTHER;
        case ">" -> GREATER;
        case ">=" -> AT_LEAST;
        case "<" -> LESS;
        case "<=" -> AT_MOST;
        default -> throw new IllegalArgumentException("\"" + part + "\" has no sign that is known");
      };
    }
  }

  /** A version with its pre-release part (semver.org, 11). */
  private record Version(BigInteger major, BigInteger minor, BigInteger patch, List<String> pre)
      implements Comparable<Version> {
    static Version of(String text) {
      Matcher match = VERSION.matcher(text);
      if (!match.matches()) {
        throw new IllegalArgumentException("\"" + text + "\" is no version such as 1.13.0");
      }
      String pre = match.group(4);
      List<String> parts = PreRelease.parts(pre == null ? "" : pre);
      for (String part : parts) {
        if (part.length() > 1 && part.startsWith("0") && PreRelease.isNumber(part)) {
          throw new IllegalArgumentException("\"" + text + "\" has a number with a leading zero");
        }
      }
      return new Version(
          number(match.group(1)), number(match.group(2)), number(match.group(3)), parts);
    }

    private static BigInteger number(String digits) {
      BigInteger number = new BigInteger(digits);
      if (number.compareTo(MOST) > 0) {
        throw new IllegalArgumentException("\"" + digits + "\" is too large a number");
      }
      return number;
    }

    /** The next minor version for a wild patch, else the next major one. */
    Version next(boolean patch) {
      return patch
          ? new Version(major, minor.add(BigInteger.ONE), this.patch, pre)
          : new Version(major.add(BigInteger.ONE), minor, this.patch, pre);
    }

    @Override
    public int compareTo(Version other) {
      int order = major.compareTo(other.major);
      order = order != 0 ? order : minor.compareTo(other.minor);
      order = order != 0 ? order : patch.compareTo(other.patch);
      return order != 0 ? order : PreRelease.compare(pre, other.pre);
    }
  }
}
