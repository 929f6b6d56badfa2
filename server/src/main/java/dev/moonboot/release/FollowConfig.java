package dev.moonboot.release;

import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import java.time.Duration;

/**
 * How channels are followed.
 *
 * @param every how often a channel is looked at; varied by a fifth either way
 * @param keep releases kept of a channel besides its head
 * @param staleAfter for how long the registry may not have said what a tag names before that is an
 *     alarm
 */
public record FollowConfig(Duration every, int keep, Duration staleAfter) {
  public static final FollowConfig DEFAULT =
      new FollowConfig(Duration.ofMinutes(5), 3, Duration.ofHours(24));

  /** Reads the section {@code follow}. */
  public static FollowConfig read(ConfigReader in) {
    return new FollowConfig(
        in.duration(
            "every",
            "how often a channel is looked at; varied by a fifth either way",
            DEFAULT.every(),
            Check.atLeast(Duration.ofSeconds(1)),
            Check.atMost(Duration.ofDays(7))),
        in.integer(
            "keep",
            "releases kept of a channel besides its head",
            DEFAULT.keep(),
            Check.atLeast(0),
            Check.atMost(100)),
        in.duration(
            "stale-after",
            "for how long the registry may not have said what a tag names before that is an alarm",
            DEFAULT.staleAfter(),
            Check.atLeast(Duration.ofMinutes(1))));
  }
}
