package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One blob on its way into a file, which is continued where it was cut (RFC 9110, 14.2). What is in
 * the file and what has been hashed are always the same bytes.
 */
final class BlobDownload implements AutoCloseable {
  private final Descriptor blob;
  private final Path part;
  private final Progress progress;
  private final FileChannel file;
  private final MessageDigest hash = Digest.sha256();
  private long have;
  private long furthest;

  BlobDownload(Descriptor blob, Path part, Progress progress) {
    this.blob = blob;
    this.part = part;
    this.progress = progress;
    try {
      file =
          FileChannel.open(
              part,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw localFailure(e);
    }
  }

  /** Fetches what is missing, trying again while that makes sense. */
  void run(RegistryRequests requests, Retry retry, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    keepWhatIsThere();
    while (true) {
      long before = furthest;
      try {
        if (!isComplete()) {
          fetch(requests);
        }
        check();
        return;
      } catch (IOException e) {
        if (furthest > before) {
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
    return have == blob.size();
  }

  private void keepWhatIsThere() {
    try {
      if (file.size() > blob.size()) {
        startOver();
        return;
      }
      ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
      while (file.read(buffer.clear(), have) > 0) {
        have += buffer.position();
        hash.update(buffer.flip());
      }
      furthest = have;
    } catch (IOException e) {
      throw localFailure(e);
    }
  }

  private void startOver() {
    try {
      file.truncate(0);
      hash.reset();
      have = 0;
    } catch (IOException e) {
      throw localFailure(e);
    }
  }

  private void fetch(RegistryRequests requests) throws IOException {
    Map<String, String> headers = have == 0 ? Map.of() : Map.of("Range", "bytes=" + have + "-");
    try (Answer answer = requests.send("GET", "blobs/" + blob.digest(), headers)) {
      place(answer);
      long rest = blob.size() - have;
      if (answer.length().orElse(rest) != rest) {
        throw mismatch("announced with %d bytes".formatted(have + answer.length().getAsLong()));
      }
      for (var piece = answer.body().next(); piece != null; piece = answer.body().next()) {
        append(piece);
      }
    }
    if (!isComplete()) {
      throw new IOException(what() + ": ended after " + have + " of " + blob.size() + " bytes");
    }
  }

  /** Makes sure that what comes belongs behind what is there. */
  private void place(Answer answer) throws IOException {
    switch (answer.status()) {
      case 200 -> {
        if (have > 0) {
          startOver(); // it does not know Range, and sends all of it
        }
      }
      case 206 -> {
        String range = String.valueOf(answer.header("Content-Range"));
        if (have == 0 || !range.startsWith("bytes " + have + "-")) {
          startOver();
          throw new IOException(what() + ": asked for the rest and got another part");
        }
      }
      default -> {
        startOver();
        throw new IOException(what() + ": answered " + answer.status());
      }
    }
  }

  private void append(List<ByteBuffer> piece) throws IOException {
    for (ByteBuffer bytes : piece) {
      if (have + bytes.remaining() > blob.size()) {
        throw mismatch("longer than that");
      }
      hash.update(bytes.duplicate());
      write(bytes);
    }
    furthest = Math.max(furthest, have);
    progress.bytes(have, blob.size());
  }

  private void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        have += file.write(bytes, have);
      }
    } catch (IOException e) {
      throw localFailure(e);
    }
  }

  private void check() throws Retry.Mismatch {
    Digest found = Digest.of(hash);
    if (!found.equals(blob.digest())) {
      throw mismatch("of digest " + found);
    }
  }

  private Retry.Mismatch mismatch(String found) {
    startOver();
    return new Retry.Mismatch(what() + " of " + blob.size() + " bytes: what came is " + found);
  }

  private String what() {
    return "blob " + blob.digest();
  }

  private RegistryException localFailure(IOException e) {
    return new RegistryException(
        Reason.LOCAL_IO, "cannot write " + part + ": " + e.getMessage(), e, null);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw localFailure(e);
    }
  }
}
