package dev.moonboot.assets.registry;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Set;

/**
 * A file that is filled by a download. What is in it and what has been hashed are always the same
 * bytes. Faults of the disk are {@link Reason#LOCAL_IO}.
 */
final class PartFile implements AutoCloseable {
  private final Path path;
  private final FileChannel file;
  private final MessageDigest hash = Digest.sha256();
  private long size;
  private long furthest;

  private PartFile(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /** One with nothing in it; what was there is gone. */
  static PartFile empty(Path path) {
    try {
      return new PartFile(path, FileChannel.open(path, Set.of(CREATE, TRUNCATE_EXISTING, WRITE)));
    } catch (IOException e) {
      throw localFailure(path, e);
    }
  }

  /** One with what was there, unless that is longer than {@code most} bytes. */
  static PartFile kept(Path path, long most) {
    try {
      var part = new PartFile(path, FileChannel.open(path, Set.of(CREATE, READ, WRITE)));
      try {
        part.keep(most);
        return part;
      } catch (IOException | RuntimeException e) {
        part.close();
        throw e;
      }
    } catch (IOException e) {
      throw localFailure(path, e);
    }
  }

  private void keep(long most) throws IOException {
    if (file.size() > most) {
      startOver();
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
    while (file.read(buffer.clear(), size) > 0) {
      size += buffer.position();
      hash.update(buffer.flip());
    }
    furthest = size;
  }

  /** Bytes that are in it. */
  long size() {
    return size;
  }

  /** The most bytes that were ever in it: more than before is progress. */
  long furthest() {
    return furthest;
  }

  void startOver() {
    try {
      file.truncate(0);
      hash.reset();
      size = 0;
    } catch (IOException e) {
      throw localFailure(path, e);
    }
  }

  /** Takes all that remains in the buffer. */
  void append(ByteBuffer bytes) {
    hash.update(bytes.duplicate());
    try {
      while (bytes.hasRemaining()) {
        size += file.write(bytes, size);
      }
    } catch (IOException e) {
      throw localFailure(path, e);
    }
    furthest = Math.max(furthest, size);
  }

  /** Of what is in it; to be asked once it is whole, for that ends the hashing. */
  Digest digest() {
    return Digest.of(hash);
  }

  private static RegistryException localFailure(Path path, IOException e) {
    return new RegistryException(
        Reason.LOCAL_IO, "cannot write " + path + ": " + e.getMessage(), e, null);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw localFailure(path, e);
    }
  }
}
