package dev.moonboot.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody probably meant. */
public final class Suggestion {
  private Suggestion() {}

  /** {@code "; did you mean X?"}, or nothing when no candidate is near. */
  public static String among(String written, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(written, candidate)))
        .filter(best -> distance(written, best) <= Math.max(2, written.length() / 4))
        .map(best -> "; did you mean " + best + "?")
        .orElse("");
  }

  /** Levenshtein's edit distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
