package dev.moonboot.release;

import dev.moonboot.journal.Actor;
import java.time.Instant;

/**
 * "This channel's head stays until told otherwise": its tag is not looked at.
 *
 * @param reason why, for people; may be empty
 * @param by who said so
 * @param since when, by the wall clock
 */
public record Hold(String channel, String reason, Actor by, Instant since) {}
