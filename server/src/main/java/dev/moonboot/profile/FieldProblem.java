package dev.moonboot.profile;

/**
 * What is wrong with one field of something that was to be written.
 *
 * @param pointer to the field (RFC 6901): {@code /boot/args/2}; empty for the whole
 * @param why what is wrong with it, and what to write instead
 */
public record FieldProblem(String pointer, String why) {
  /** A pointer to the member {@code name} of what {@code pointer} points to. */
  static String below(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
