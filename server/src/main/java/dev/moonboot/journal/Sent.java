package dev.moonboot.journal;

import java.time.Duration;

/**
 * A file, or a part of it, that was sent to somebody.
 *
 * @param client address without port, as the connection shows it
 * @param protocol {@code tftp} or {@code http}
 * @param path as it was asked for
 * @param from where the part begins
 * @param bytes how many were sent, and over TFTP acknowledged
 * @param size of the whole file
 * @param took from the request to the end; zero where that is not known
 * @param end how it ended
 */
public record Sent(
    String client,
    String protocol,
    String path,
    long from,
    long bytes,
    long size,
    Duration took,
    End end) {
  /** How sending a part ended. */
  public enum End {
    /** All of the part was sent. */
    DONE,
    /** The client wanted to know its size, or that it is there (a HEAD request), and no more. */
    PROBED,
    /** The client said that it wants no more, or closed the connection. */
    ABORTED,
    /** The client was not heard any more. */
    SILENT,
    /** We ended it: a newer request, too slow a client, a fault. */
    CUT
  }

  /** A part that was sent over HTTP, so long as nobody knows better how it ended. */
  public Sent(String client, String path, long from, long bytes, long size) {
    this(client, "http", path, from, bytes, size, Duration.ZERO, End.DONE);
  }
}
