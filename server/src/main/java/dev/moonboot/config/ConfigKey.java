package dev.moonboot.config;

/**
 * One key that the program reads.
 *
 * @param key full name; a part that the user chooses stands in angle brackets: {@code
 *     channels.<name>.image}; an item of a list of sections is {@code []}: {@code
 *     trust.rules[].match}
 * @param kind what is expected
 * @param fallback the value when it is not set; {@code required} when it must be, empty for none
 * @param description what it decides
 */
public record ConfigKey(String key, String kind, String fallback, String description) {
  static final String REQUIRED = "required";

  /** Whether a variable may set it: what is an item of a list of sections has no name to go by. */
  boolean hasVariable() {
    return !key.contains(ConfigReader.ITEM);
  }

  /** The environment variable that overrides it: {@code MOONBOOT_HTTP_ADDRESS}. */
  public String variable() {
    return Environment.variable(key);
  }
}
