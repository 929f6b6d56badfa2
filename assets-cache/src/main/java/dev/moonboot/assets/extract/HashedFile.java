package dev.moonboot.assets.extract;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * A new file, hashed while it is written. A fault of the disk is an {@link UncheckedIOException}:
 * nobody on the way can take it for a fault of the content.
 */
public final class HashedFile extends OutputStream {
  /** A good size for reading and writing at a time, in bytes. */
  public static final int BUFFER = 256 << 10;

  private final Path path;
  private final FileOutputStream out;
  private final MessageDigest sha256 = Digest.sha256();
  private long size;

  /** Creates the file, or empties it. */
  public HashedFile(Path path) {
    this.path = path;
    try {
      this.out = new FileOutputStream(path.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The digest of all that {@code in} gives, where that may be long. */
  static Digest digest(InputStream in) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER];
    for (int got; (got = in.read(buffer, 0, buffer.length)) >= 0; ) {
      Interruption.check();
      sha256.update(buffer, 0, got);
    }
    return Digest.of(sha256);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Interruption.check();
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sha256.update(bytes, offset, length);
    size += length;
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In bytes, so far. */
  public long size() {
    return size;
  }

  /** What was written; call once, after the last byte. */
  public Found found(String origin) {
    return new Found(path, size, Digest.of(sha256), origin);
  }

  /** Writes all of {@code in} to a new file. */
  static Found write(InputStream in, Path path, String origin) {
    try (HashedFile file = new HashedFile(path)) {
      byte[] buffer = new byte[BUFFER];
      for (int count; (count = in.read(buffer, 0, buffer.length)) >= 0; ) {
        file.write(buffer, 0, count);
      }
      return file.found(origin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the file its final name. */
  static Found move(Found found, Path to, String origin) {
    try {
      Files.move(found.file(), to);
      return new Found(to, found.size(), found.digest(), origin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Found found) {
    try {
      Files.deleteIfExists(found.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
