package dev.moonboot.http;

import dev.moonboot.journal.Asked;
import dev.moonboot.journal.BootLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Files that are part of no release. Size and time of change, to the nanosecond, are their entity
 * tag: nobody writes into a boot program, and so it need not be read to say which one it is.
 */
final class LooseFiles {
  private final Transfers transfers;
  private final BootLog boots;

  LooseFiles(Transfers transfers, BootLog boots) {
    this.transfers = transfers;
    this.boots = boots;
  }

  /**
   * The file's bytes, or the part of them that was asked for.
   *
   * @param type its media type
   */
  Reply send(Request request, Path file, String type) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return ErrorResponses.absent("file not found"); // removed since it was listed
    }
    boolean handedOver = false;
    try {
      Reply reply = judged(request, channel, tag(file)).with("Accept-Ranges", "bytes");
      handedOver = reply.body() instanceof Transfer;
      return reply.status() < 300 ? reply.with("Content-Type", type) : reply;
    } finally {
      if (!handedOver) {
        channel.close();
      }
    }
  }

  private static String tag(Path file) throws IOException {
    BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
    var changed = is.lastModifiedTime().toInstant();
    return "\"%x-%x-%x\"".formatted(changed.getEpochSecond(), changed.getNano(), is.size());
  }

  private Reply judged(Request request, FileChannel channel, String tag) throws IOException {
    Validators validators = Validators.ofEtag(tag);
    long size = channel.size();
    return switch (validators.judge(request)) {
      case NOT_MODIFIED -> Reply.of(304, Body.Absent.EMPTY).with("ETag", tag);
      case FAILED -> ErrorResponses.preconditionFailed();
      case SEND ->
          switch (validators.range(request, size)) {
            case ByteRange.Part part ->
                part(request, channel, part, 206)
                    .with("Content-Range", part.of(size))
                    .with("ETag", tag);
            case ByteRange.Unsatisfiable _ -> ErrorResponses.rangeNotThere(size);
            case ByteRange.Whole _, ByteRange.Malformed _ ->
                part(request, channel, new ByteRange.Part(0, size), 200).with("ETag", tag);
          };
    };
  }

  private Reply part(Request request, FileChannel channel, ByteRange.Part part, int status)
      throws IOException {
    if (request.isHead()) {
      return Reply.of(status, new Body.Absent(part.length()));
    }
    long size = channel.size();
    return transfers
        .take(request.client())
        .map(place -> {
          boots.asked(new Asked(request.client(), "http", request.path(), size));
          return place.with(
              new Body.Streamed(channel, part), new PartSent(boots, request, part, size));
        })
        .map(body -> Reply.of(status, body))
        .orElseGet(ErrorResponses::busy);
  }
}
