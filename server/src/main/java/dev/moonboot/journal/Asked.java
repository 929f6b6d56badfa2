package dev.moonboot.journal;

/**
 * A file that somebody asked for and is being sent from now on; a {@link Sent} follows.
 *
 * @param client address without port, as the connection shows it
 * @param protocol {@code tftp} or {@code http}
 * @param path as it was asked for
 * @param size of the whole file
 */
public record Asked(String client, String protocol, String path, long size) {}
