package dev.moonboot.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a test needs of the machine. Where it is missing the test is skipped and says so; with
 * {@code -Dmoonboot.skips=forbidden} (as in CI) it fails instead.
 */
public final class Requires {
  private Requires() {}

  /** The path of a program on PATH (or in /usr/sbin, where Debian puts servers). */
  public static Path program(String name) {
    return find(name)
        .orElseGet(() -> {
          missing("the program " + name + " is not installed");
          throw new AssertionError("unreachable");
        });
  }

  /** The program, where it is installed. */
  public static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Arrays.stream(path.split(File.pathSeparator))
        .map(dir -> Path.of(dir, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Goes on only when {@code there}; {@code what} says what is missing otherwise. */
  public static void that(boolean there, String what) {
    if (!there) {
      missing(what);
    }
  }

  private static void missing(String what) {
    if ("forbidden".equals(System.getProperty("moonboot.skips"))) {
      fail(what + ", and skips are forbidden here (-Dmoonboot.skips=forbidden)");
    }
    System.err.println("SKIPPED: " + what);
    abort(what);
  }
}
