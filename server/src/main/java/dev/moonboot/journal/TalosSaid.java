package dev.moonboot.journal;

/**
 * What Talos told of itself once its kernel ran.
 *
 * @param client address without port, as the connection shows it
 * @param source {@code kernel} for its log, {@code events} for its events
 * @param what what it is about: {@code machined}, {@code phase}, {@code address}
 * @param text what it said
 * @param level how bad it is
 */
public record TalosSaid(String client, String source, String what, String text, Level level) {
  /** How bad it is. */
  public enum Level {
    INFO,
    /** Something went wrong, and Talos tries again by itself. */
    ERROR,
    /** Something went wrong for good, until somebody does something. */
    FAILED,
    /** Talos says that it is up and does what it was configured for. */
    UP
  }
}
