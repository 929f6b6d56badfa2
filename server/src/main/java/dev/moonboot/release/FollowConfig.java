package dev.moonboot.release;

import java.time.Duration;

/**
 * How channels are followed.
 *
 * @param every how often a channel is looked at; varied by a fifth either way
 * @param keep releases kept of a channel besides its head
 */
public record FollowConfig(Duration every, int keep) {
  public static final FollowConfig DEFAULT = new FollowConfig(Duration.ofMinutes(5), 3);
}
