package dev.moonboot.assets.compose;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A new file, hashed while it is written. */
final class WrittenFile extends FilterOutputStream {
  private final Path path;
  private final MessageDigest sha256 = Digest.sha256();
  private long size;

  /** Creates the file; there must be none. */
  WrittenFile(Path path) throws IOException {
    super(buffered(Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)));
    this.path = path;
  }

  private static OutputStream buffered(OutputStream out) {
    return new BufferedOutputStream(out, 64 << 10);
  }

  /** A whole file of that text. */
  static Found write(Path path, byte[] bytes, String origin) throws IOException {
    WrittenFile file = new WrittenFile(path);
    try (file) {
      file.write(bytes, 0, bytes.length);
    }
    return file.found(origin);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    sha256.update(bytes, offset, length);
    size += length;
  }

  /** What was written; call once, after it was closed. */
  Found found(String origin) {
    return new Found(path, size, Digest.of(sha256), origin);
  }
}
