package dev.moonboot.config;

/**
 * A value as it is in force.
 *
 * @param text the value; {@code ***} for a secret
 * @param origin {@code default}, {@code file:line:column} or {@code variable NAME}
 */
public record Setting(String key, String text, String origin) {
  /** One line: {@code key=value (origin)}. */
  @Override
  public String toString() {
    return key + "=" + text + " (" + origin + ")";
  }
}
