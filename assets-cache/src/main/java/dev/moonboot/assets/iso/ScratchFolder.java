package dev.moonboot.assets.iso;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone with all in it when it is closed. */
record ScratchFolder(Path path) implements AutoCloseable {
  static ScratchFolder in(Path parent) throws IOException {
    return new ScratchFolder(Files.createDirectory(parent.toAbsolutePath().resolve("iso")));
  }

  /** A file that is not there yet. */
  Path file(String name) {
    return path.resolve(name);
  }

  /** A new folder. */
  Path folder(String name) throws IOException {
    return Files.createDirectory(file(name));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
