package dev.moonboot.release;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Actor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * "This profile boots that release until told otherwise." It outlives restarts, the deletion of the
 * tag, and the channel's removal from the configuration.
 *
 * @param profile its name, as groups use it
 * @param channel the channel that the profile's URLs named when it was pinned
 * @param release what it boots
 * @param reason why, for people; may be empty
 * @param by who said so
 * @param since when, by the wall clock
 * @param expires when it ends by itself; null for never
 * @param replaced what the profile booted before; null when that was nothing
 * @param revision another one for every pin that was ever set; never 0
 */
public record Pin(
    String profile,
    String channel,
    Digest release,
    String reason,
    Actor by,
    Instant since,
    @Nullable Instant expires,
    @Nullable Digest replaced,
    long revision) {}
