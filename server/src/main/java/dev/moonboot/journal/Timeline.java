package dev.moonboot.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a boot went, stage by stage.
 *
 * @param firmware what kind of client it was when DHCP first saw it; empty where it did not
 * @param began when it was first heard of
 * @param last when it was last heard of
 * @param steps the stages it showed, in their order
 * @param verdict how it stands now
 * @param events what happened, oldest first; only where they were asked for
 * @param leftOut how many of them were not kept
 * @param change counts up with each change of any boot
 */
public record Timeline(
    String firmware,
    Instant began,
    Instant last,
    List<Step> steps,
    Verdict verdict,
    List<Event> events,
    long leftOut,
    long change) {
  public Timeline {
    steps = List.copyOf(steps);
    events = List.copyOf(events);
  }

  /** How a stage stands. */
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }

  /**
   * One stage.
   *
   * @param first when it began
   * @param last when anything of it happened last
   * @param bytes that were sent for it
   * @param attempts how many times something was asked for in it
   */
  public record Step(
      Stage stage, State state, Instant first, Instant last, long bytes, int attempts) {
    /** From its first event to its last. */
    public Duration took() {
      return Duration.between(first, last);
    }
  }

  /**
   * Something that happened.
   *
   * @param what one word
   * @param text what it is about; cut, and without control characters
   * @param times how many such things followed each other
   */
  public record Event(Instant at, Stage stage, String what, String text, int times) {}

  /** How a boot stands. */
  public enum Outcome {
    /** It goes on, or has not been quiet for long enough to say otherwise. */
    RUNNING,
    /** All happened that can be seen from here. */
    FINISHED,
    /** Nothing came for so long that nothing will, unless somebody does something. */
    STUCK,
    /** Something went wrong that was told. */
    FAILED
  }

  /**
   * How a boot stands, and why.
   *
   * @param furthest the last stage it reached
   * @param rule the name of the rule that says so; empty while it runs
   * @param reason for people: what is likely wrong, and what to do; empty while it runs
   */
  public record Verdict(Stage furthest, Outcome outcome, String rule, String reason) {}
}
