package dev.moonboot.assets.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A layout in a directory. */
record LayoutDirectory(Path directory) implements LayoutFiles {
  @Override
  public Content open(String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no regular file"); // opening a pipe would wait for ever
    }
    return new Content(Files.size(file), Files.newInputStream(file));
  }

  @Override
  public void close() {}
}
