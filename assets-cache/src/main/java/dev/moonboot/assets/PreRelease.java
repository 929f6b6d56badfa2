package dev.moonboot.assets;

import java.math.BigInteger;
import java.util.List;

/** The parts of a version behind its hyphen (semver.org, 11): {@code alpha}, {@code 2}. */
public final class PreRelease {
  private PreRelease() {}

  /** The parts of {@code alpha.2}; none of an empty text, which is a release. */
  public static List<String> parts(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\\.", -1));
  }

  /** The order of two versions that differ in nothing else. */
  public static int compare(List<String> one, List<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Boolean.compare(one.isEmpty(), other.isEmpty());
    }
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      int order = comparePart(one.get(i), other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(one.size(), other.size());
  }

  private static int comparePart(String one, String other) {
    if (isNumber(one) && isNumber(other)) {
      return new BigInteger(one).compareTo(new BigInteger(other));
    }
    return isNumber(one) == isNumber(other)
        ? one.compareTo(other)
        : Boolean.compare(isNumber(other), isNumber(one));
  }

  /** Whether the part counts as a number. */
  public static boolean isNumber(String part) {
    return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
