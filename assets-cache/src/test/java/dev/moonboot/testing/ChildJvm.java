package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program of the tests in a JVM of its own, with as little memory as it is said to need. */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * Runs it to its end, which must be a good one.
   *
   * @param mebibytes of heap
   * @param folder its only argument; what it says besides goes into {@code log} there
   * @return what it printed
   */
  public static String run(Class<?> program, int mebibytes, Path folder)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + mebibytes + "m",
                "-XX:MaxDirectMemorySize=32m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                folder.toString())
            .redirectError(log.toFile())
            .start();
    String told = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, child.waitFor(), () -> told + text(log));
    return told;
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
