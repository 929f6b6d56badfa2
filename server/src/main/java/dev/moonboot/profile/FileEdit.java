package dev.moonboot.profile;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes one file of the data directory, whole or not at all. When the last step fails, which is
 * to make the change last, what was there before is put back, so that what is in force is what the
 * audit log says.
 */
final class FileEdit {
  private interface Change {
    void make() throws IOException;
  }

  private FileEdit() {}

  /** Empty when there is no such file. */
  static Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes the file hold {@code bytes}; its folder is made where there is none.
   *
   * @param before what it holds; null when there is none
   */
  static void put(Path file, byte @Nullable [] before, byte[] bytes) throws IOException {
    makeFolder(file);
    change(file, before, () -> replace(file, before, bytes));
  }

  /**
   * @param before what it holds
   */
  static void delete(Path file, byte[] before) throws IOException {
    change(file, before, () -> delete(file));
  }

  private static void delete(Path file) throws IOException {
    Files.delete(file);
    Disk.syncDirectory(folderOf(file));
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static void makeFolder(Path file) throws IOException {
    Path folder = folderOf(file);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Disk.syncDirectory(folderOf(folder));
    }
  }

  private static void change(Path file, byte @Nullable [] before, Change change)
      throws IOException {
    if (Files.isSymbolicLink(file)) {
      throw new IOException("it is a symbolic link: change what it leads to");
    }
    try {
      change.make();
    } catch (IOException e) {
      try {
        putBack(file, before);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static void putBack(Path file, byte @Nullable [] before) throws IOException {
    if (!Arrays.equals(before, read(file).orElse(null))) {
      if (before == null) {
        delete(file);
      } else {
        replace(file, before, before);
      }
    }
  }

  /** Others may read it who could read it before. */
  private static void replace(Path file, byte @Nullable [] before, byte[] bytes)
      throws IOException {
    if (before != null && Files.exists(file, NOFOLLOW_LINKS)) {
      AtomicFile.replace(file, bytes, Files.getPosixFilePermissions(file));
    } else {
      AtomicFile.replace(file, bytes);
    }
  }
}
