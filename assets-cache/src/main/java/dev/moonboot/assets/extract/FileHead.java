package dev.moonboot.assets.extract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file begins with. */
final class FileHead {
  private static final int LENGTH = 4096;

  private FileHead() {}

  /** The first 4 KiB, or all where there is less. */
  static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(LENGTH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
