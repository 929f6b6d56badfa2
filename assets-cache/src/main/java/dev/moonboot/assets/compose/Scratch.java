package dev.moonboot.assets.compose;

import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.HashedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A folder of files that go by numbers, so that no name of an image gets to the disk. */
final class Scratch implements AutoCloseable {
  private final Path folder;
  private int count;

  /** Makes the folder, which must not be there. */
  Scratch(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a file or folder that is not there yet. */
  Path next() {
    return folder.resolve(Integer.toString(count++));
  }

  /**
   * Writes all of {@code in} to a new file.
   *
   * @throws IOException when {@code in} cannot be read; a fault of the disk is unchecked
   */
  Found write(InputStream in, String origin) throws IOException {
    try (HashedFile file = new HashedFile(next())) {
      byte[] buffer = new byte[HashedFile.BUFFER];
      for (int got; (got = in.read(buffer, 0, buffer.length)) >= 0; ) {
        file.write(buffer, 0, got);
      }
      return file.found(origin);
    }
  }

  /** Deletes the folder with all files in it. */
  @Override
  public void close() {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
