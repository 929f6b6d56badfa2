package dev.moonboot.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a configuration, so that all of it is told together. */
public final class ConfigProblems {
  private final List<String> found = new ArrayList<>();

  /**
   * Notes a problem.
   *
   * @param where {@code file:line:column}, {@code variable NAME}, or {@code configuration}
   * @param message what is wrong, and what to do
   */
  public void add(String where, String message) {
    String line = where + ": " + message;
    if (!found.contains(line)) {
      found.add(line);
    }
  }

  /** What was noted so far. */
  public List<String> all() {
    return List.copyOf(found);
  }

  /**
   * Returns only when nothing was noted.
   *
   * @throws ConfigException with all problems
   */
  public void check() {
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
  }
}
