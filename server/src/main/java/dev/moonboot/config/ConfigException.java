package dev.moonboot.config;

import java.util.ArrayList;
import java.util.List;

/** The configuration cannot be used. Holds every problem found, so that one look mends them all. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ArrayList<String> problems; // serializable, as an exception must be

  ConfigException(List<String> problems) {
    super(
        (problems.size() == 1
                ? "the configuration has a problem:\n  "
                : "the configuration has " + problems.size() + " problems:\n  ")
            + String.join("\n  ", problems));
    this.problems = new ArrayList<>(problems);
  }

  /** Each problem on one line: where ({@code file:line:column} or a variable), what, and why. */
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
