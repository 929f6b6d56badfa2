package dev.moonboot.diagnosis;

import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param what in few words, the same every time: {@code listener http.address}
 * @param found how it is
 * @param advice what to do now; empty where nothing is to be done
 */
public record Finding(Verdict verdict, String what, String found, String advice) {
  /** How bad it is. */
  public enum Verdict {
    /** As it should be. */
    OK,
    /** Some nodes may not boot, or it could not be looked at. */
    WARN,
    /** Nodes do not boot. */
    FAIL;

    /** As it is told. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String what, String found) {
    return new Finding(Verdict.OK, what, found, "");
  }

  static Finding warn(String what, String found, String advice) {
    return new Finding(Verdict.WARN, what, found, advice);
  }

  static Finding fail(String what, String found, String advice) {
    return new Finding(Verdict.FAIL, what, found, advice);
  }

  /** On one line: {@code fail what: found; advice}. Names from the network may hold anything. */
  public String line() {
    String told = advice.isEmpty() ? found : found + "; " + advice;
    return "%-4s  %s: %s".formatted(verdict.word(), what, told).replaceAll("\\p{Cntrl}", "?");
  }
}
