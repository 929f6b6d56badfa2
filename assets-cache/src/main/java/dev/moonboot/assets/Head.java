package dev.moonboot.assets;

import java.time.Instant;

/**
 * What a channel names, or named.
 *
 * @param release its image digest; it need not be held any more
 * @param since when it became the head
 */
public record Head(Digest release, Instant since) {}
