package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One blob on its way into a file, which is continued where it was cut (RFC 9110, 14.2). */
final class BlobDownload implements AutoCloseable {
  private final Descriptor blob;
  private final Progress progress;
  private final PartFile part;

  BlobDownload(Descriptor blob, Path to, Progress progress) {
    this.blob = blob;
    this.progress = progress;
    this.part = PartFile.kept(to, blob.size());
  }

  /** Fetches what is missing, trying again while that makes sense. */
  void run(RegistryRequests requests, Retry retry, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      long before = part.furthest();
      try {
        if (!isComplete()) {
          fetch(requests);
        }
        check();
        return;
      } catch (IOException e) {
        if (part.furthest() > before) {
          retry.progressed();
        }
        if (System.nanoTime() - deadline > 0) {
          throw new RegistryException(
              Reason.UNREACHABLE,
              "%s: not complete after %d s, last: %s"
                  .formatted(what(), atMost.toSeconds(), e.getMessage()),
              e,
              null);
        }
        retry.after(e);
      }
    }
  }

  private boolean isComplete() {
    return part.size() == blob.size();
  }

  private void fetch(RegistryRequests requests) throws IOException {
    Map<String, String> headers =
        part.size() == 0 ? Map.of() : Map.of("Range", "bytes=" + part.size() + "-");
    try (Answer answer = requests.send("GET", "blobs/" + blob.digest(), headers)) {
      place(answer);
      long rest = blob.size() - part.size();
      if (answer.length().orElse(rest) != rest) {
        throw mismatch(
            "announced with %d bytes".formatted(part.size() + answer.length().getAsLong()));
      }
      for (var piece = answer.body().next(); piece != null; piece = answer.body().next()) {
        append(piece);
      }
    }
    if (!isComplete()) {
      throw new IOException(
          what() + ": ended after " + part.size() + " of " + blob.size() + " bytes");
    }
  }

  /** Makes sure that what comes belongs behind what is there. */
  private void place(Answer answer) throws IOException {
    switch (answer.status()) {
      case 200 -> {
        if (part.size() > 0) {
          part.startOver(); // it does not know Range, and sends all of it
        }
      }
      case 206 -> {
        String range = String.valueOf(answer.header("Content-Range"));
        if (part.size() == 0 || !range.startsWith("bytes " + part.size() + "-")) {
          part.startOver();
          throw new IOException(what() + ": asked for the rest and got another part");
        }
      }
      default -> {
        part.startOver();
        throw new IOException(what() + ": answered " + answer.status());
      }
    }
  }

  private void append(List<ByteBuffer> piece) throws IOException {
    for (ByteBuffer bytes : piece) {
      if (part.size() + bytes.remaining() > blob.size()) {
        throw mismatch("longer than that");
      }
      part.append(bytes);
    }
    progress.bytes(part.size(), blob.size());
  }

  private void check() throws Retry.Mismatch {
    Digest found = part.digest();
    if (!found.equals(blob.digest())) {
      throw mismatch("of digest " + found);
    }
  }

  private Retry.Mismatch mismatch(String found) {
    part.startOver();
    return new Retry.Mismatch(what() + " of " + blob.size() + " bytes: what came is " + found);
  }

  private String what() {
    return "blob " + blob.digest();
  }

  @Override
  public void close() {
    part.close();
  }
}
