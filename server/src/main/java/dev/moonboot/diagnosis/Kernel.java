package dev.moonboot.diagnosis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What Linux tells of itself in files; where it is no Linux, or may not be read, nothing. */
record Kernel(Path proc, Path sys) {
  /** This machine's. */
  static final Kernel HERE = new Kernel(Path.of("/proc"), Path.of("/sys"));

  List<String> lines(String path) {
    try {
      return Files.readAllLines(proc.resolve(path), UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The first line below {@code /proc}. */
  Optional<String> value(String path) {
    return lines(path).stream().findFirst().map(String::strip);
  }

  /** The first line below {@code /sys/class/net/}. */
  Optional<String> ofInterface(String name, String path) {
    try {
      // carrier cannot be read while the interface is down
      return Files.readAllLines(sys.resolve("class/net").resolve(name).resolve(path), UTF_8)
          .stream()
          .findFirst()
          .map(String::strip);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
