package dev.moonboot.ignition;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one config. Only places and fixed words: what is told may be shown to whoever
 * asks for the config, and must hold nothing of what stands in it.
 */
final class Problems {
  private @Nullable String first;
  private int count;

  void add(Place place, String what) {
    if (first == null) {
      first = place + " " + what;
    }
    count++;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The first problem, and how many more there are. */
  @Override
  public String toString() {
    return count > 1 ? first + " (and " + (count - 1) + " more)" : String.valueOf(first);
  }
}
