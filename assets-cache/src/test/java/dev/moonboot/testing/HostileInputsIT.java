package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileInputsIT {
  @TempDir Path temp;

  /** 192 MiB for the readers; the rest is for the inputs, bombs of 100 MiB and their encoders. */
  private static final String HEAP = "-Xmx320m";

  @Test
  void m_02_all_hostile_inputs_one_after_the_other_get_by_with_little_memory()
      throws IOException, InterruptedException {
    Path log = temp.resolve("log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:MaxDirectMemorySize=64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HostileTestsMain.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = child.waitFor();
    String said = Files.readString(log, UTF_8);
    assertEquals(0, code, said);
    int passed = Integer.parseInt(said.replaceAll("(?s).*passed (\\d+)\\s*", "$1"));
    assertTrue(passed > 100, "only " + passed);
  }
}
