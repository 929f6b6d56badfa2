package dev.moonboot.assets.schematic;

import java.util.Comparator;

/**
 * The order in which go-yaml writes the keys of a map: numbers in them by their value, letters
 * behind all else but where digits stand before. For keys of ASCII only.
 */
final class NaturalOrder implements Comparator<String> {
  static final NaturalOrder KEYS = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String one, String other) {
    boolean afterDigit = false;
    int shorter = Math.min(one.length(), other.length());
    for (int i = 0; i < shorter; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        return differing(one, other, i, afterDigit);
      }
      afterDigit = isDigit(a);
    }
    return Integer.compare(one.length(), other.length());
  }

  private static int differing(String one, String other, int at, boolean afterDigit) {
    char a = one.charAt(at);
    char b = other.charAt(at);
    boolean letterA = Character.isLetter(a);
    boolean letterB = Character.isLetter(b);
    if (letterA && letterB) {
      return Character.compare(a, b);
    }
    if (letterA || letterB) {
      return letterA == afterDigit ? -1 : 1;
    }
    // a zero behind other digits does not lead: 10 comes behind 9, but 01 before 9
    long lead = (a == '0' || b == '0') && digitsBefore(one, at) ? 1 : 0;
    int numbers = Long.compare(number(one, at, lead), number(other, at, lead));
    if (numbers != 0) {
      return numbers;
    }
    int lengths = Integer.compare(endOfDigits(one, at), endOfDigits(other, at));
    return lengths != 0 ? lengths : Character.compare(a, b);
  }

  private static boolean digitsBefore(String key, int at) {
    for (int i = at - 1; i >= 0 && isDigit(key.charAt(i)); i--) {
      if (key.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  private static long number(String key, int from, long lead) {
    long number = lead;
    for (int i = from; i < endOfDigits(key, from); i++) {
      number = number * 10 + (key.charAt(i) - '0'); // overflows as in Go
    }
    return number;
  }

  private static int endOfDigits(String key, int from) {
    int end = from;
    while (end < key.length() && isDigit(key.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
