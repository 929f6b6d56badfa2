package dev.moonboot.assets;

import org.jspecify.annotations.Nullable;

/**
 * The state of a channel was damaged or lost, and something older or rebuilt is in force. Which
 * releases it named before may be forgotten, so that a tag could go back unnoticed.
 *
 * @param head what the channel names now; null when nothing was found
 * @param why what was wrong, and what was done about it
 */
public record Recovery(String channel, @Nullable Digest head, String why) {}
