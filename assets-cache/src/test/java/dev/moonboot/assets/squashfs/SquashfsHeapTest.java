package dev.moonboot.assets.squashfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SquashfsHeapTest {
  @TempDir Path temp;

  @Test
  void a_tree_larger_than_the_heap_is_written_and_read() throws IOException, InterruptedException {
    Path log = temp.resolve("log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-XX:MaxDirectMemorySize=16m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SquashfsHeapMain.class.getName(),
                temp.resolve("image").toString())
            .redirectError(log.toFile())
            .start();
    String told = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, child.waitFor(), () -> told + read(log));
    assertEquals("5002 files of 210952700 bytes\n", told);
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
