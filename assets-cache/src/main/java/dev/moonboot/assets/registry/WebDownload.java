package dev.moonboot.assets.registry;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One file of a web server on its way here. Nothing is known of it but what the server says: where
 * that names the file by a strong {@code ETag}, what was cut is continued (RFC 9110, 13.1.5 and
 * 14.2).
 */
final class WebDownload implements AutoCloseable {
  /** In bytes a second: a file that comes slower than this on the whole is given up. */
  private static final long SLOWEST = 50 << 10;

  private static final int STALLS_A_FILE = 20;

  /**
   * What is to come.
   *
   * @param most bytes
   * @param announced told the size before anything is written; throws when there is no room
   */
  record Wanted(URI uri, long most, LongConsumer announced, Progress progress) {}

  private final Wanted wanted;
  private final PartFile part;
  private final long begun = System.nanoTime();
  private long whole = -1; // as far as the server says
  private @Nullable String etag;

  /**
   * @param to is replaced
   */
  WebDownload(Wanted wanted, Path to) {
    this.wanted = wanted;
    this.part = PartFile.empty(to);
  }

  /** Fetches it, trying again while that makes sense. */
  WebFiles.Got run(Transport transport, Retry retry, Duration stall) {
    while (true) {
      long before = part.furthest();
      try {
        fetch(transport, stall);
        return new WebFiles.Got(part.size(), part.digest());
      } catch (IOException e) {
        if (part.furthest() > before) {
          retry.progressed();
        }
        requireTime(stall);
        retry.after(e);
      }
    }
  }

  private void fetch(Transport transport, Duration stall) throws IOException {
    String known = etag;
    Map<String, String> headers =
        known == null || part.size() == 0
            ? Map.of()
            : Map.of("Range", "bytes=" + part.size() + "-", "If-Range", known);
    try (Answer answer = Redirects.follow(transport, "GET", wanted.uri(), headers, headers)) {
      place(answer, known);
      for (var piece = answer.body().next(); piece != null; piece = answer.body().next()) {
        append(piece);
        requireTime(stall);
      }
    }
    if (whole >= 0 && part.size() != whole) {
      throw new IOException(what() + ": ended after " + part.size() + " of " + whole + " bytes");
    }
  }

  /** Makes sure that what comes belongs behind what is there. */
  private void place(Answer answer, @Nullable String known) throws IOException {
    if (answer.status() == 206 || answer.status() == 416) {
      boolean isTheRest =
          answer.status() == 206
              && known != null
              && known.equals(answer.header("ETag"))
              && String.valueOf(answer.header("Content-Range"))
                  .startsWith("bytes " + part.size() + "-")
              && part.size() + answer.length().orElse(whole - part.size()) == whole;
      if (!isTheRest) {
        startOver();
        throw new IOException(what() + ": asked for the rest and got another part");
      }
      return;
    }
    WebFiles.requireOk(wanted.uri(), answer);
    startOver();
    whole = answer.length().orElse(-1);
    if (whole > wanted.most()) {
      throw WebFiles.tooLarge(wanted.uri(), wanted.most());
    }
    wanted.announced().accept(Math.max(whole, 0));
    String named = answer.header("ETag");
    etag = named != null && named.startsWith("\"") && whole >= 0 ? named : null;
  }

  private void startOver() {
    part.startOver();
    etag = null;
  }

  private void append(List<ByteBuffer> piece) {
    for (ByteBuffer bytes : piece) {
      if (part.size() + bytes.remaining() > wanted.most()) {
        throw WebFiles.tooLarge(wanted.uri(), wanted.most());
      }
      part.append(bytes);
    }
    wanted.progress().bytes(part.size(), Math.max(part.size(), whole));
  }

  private void requireTime(Duration stall) {
    Duration least = stall.multipliedBy(STALLS_A_FILE);
    Duration bySize = Duration.ofSeconds((whole < 0 ? wanted.most() : whole) / SLOWEST);
    Duration patience = least.compareTo(bySize) > 0 ? least : bySize;
    if (System.nanoTime() - begun > patience.toNanos()) {
      throw new RegistryException(Reason.UNREACHABLE, what() + ": comes too slowly, given up");
    }
  }

  private String what() {
    return Hosts.shown(wanted.uri());
  }

  @Override
  public void close() {
    part.close();
  }
}
