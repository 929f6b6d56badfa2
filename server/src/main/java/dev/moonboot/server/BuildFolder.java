package dev.moonboot.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders that builds are made in. */
final class BuildFolder {
  private BuildFolder() {}

  /** Where something can be pulled to look at it. */
  static Path scratch() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** The folder; made when it is missing. */
  static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StartException(
          "the folder %s cannot be made: %s; name one in a folder of yours".formatted(folder, e),
          e);
    }
  }
}
