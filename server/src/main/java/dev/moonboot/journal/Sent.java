package dev.moonboot.journal;

/**
 * A file, or a part of it, that was sent to somebody.
 *
 * @param client address without port, as the connection shows it
 * @param path below {@code /assets/}, as it was asked for
 * @param from where the part begins
 * @param bytes how many were sent
 * @param size of the whole file
 */
public record Sent(String client, String path, long from, long bytes, long size) {}
