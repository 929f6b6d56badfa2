package dev.moonboot.http;

import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Sent;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Tells the boots of late of a part of a file, once it has gone out or was broken off. */
final class PartSent implements LongConsumer {
  private final BootLog boots;
  private final Request request;
  private final ByteRange.Part part;
  private final long size;
  private final long begun = System.nanoTime();

  /**
   * Sending begins now.
   *
   * @param size of the whole file
   */
  PartSent(BootLog boots, Request request, ByteRange.Part part, long size) {
    this.boots = boots;
    this.request = request;
    this.part = part;
    this.size = size;
  }

  /** So many bytes of it went out, and no more will. */
  @Override
  public void accept(long bytes) {
    boots.transfer(
        new Sent(
            request.client(),
            "http",
            request.path(),
            part.first(),
            bytes,
            size,
            Duration.ofNanos(System.nanoTime() - begun),
            bytes < part.length() ? Sent.End.ABORTED : Sent.End.DONE));
  }
}
