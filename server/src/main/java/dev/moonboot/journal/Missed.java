package dev.moonboot.journal;

/**
 * A file that somebody asked for and did not get.
 *
 * @param client address without port, as the connection shows it
 * @param protocol {@code tftp} or {@code http}
 * @param path as it was asked for
 * @param why it was not given
 */
public record Missed(String client, String protocol, String path, String why) {}
