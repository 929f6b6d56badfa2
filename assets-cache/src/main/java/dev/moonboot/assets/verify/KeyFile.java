package dev.moonboot.assets.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of a file in which a key stands. */
final class KeyFile {
  private static final int MAX_FILE = 64 << 10;

  private KeyFile() {}

  /**
   * Its first 64 KiB, byte by byte.
   *
   * @throws IllegalArgumentException with a message for people when it cannot be read
   */
  static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_FILE), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
