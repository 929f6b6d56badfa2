package dev.moonboot.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What faults and deaths leave of the audit log, enumerated by a fault injector. */
class AuditCrashTest {
  private static final Path SOURCE = Path.of("../assets-cache/src/test/c/crashat.c");

  @TempDir Path dir;

  @Test
  void a_15_a_fault_at_any_call_loses_no_acknowledged_record_and_breaks_no_chain()
      throws Exception {
    Path injector = dir.resolve("crashat.so");
    run(
        List.of(
            Requires.program("gcc").toString(),
            "-Wall",
            "-Werror",
            "-O1",
            "-shared",
            "-fPIC",
            "-o",
            injector.toString(),
            SOURCE.toString(),
            "-ldl"),
        Map.of());
    Path log = dir.resolve("calls");
    String said =
        run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AuditCrashLab.class.getName(),
                dir.resolve("work").toString(),
                log.toString()),
            Map.of(
                "LD_PRELOAD",
                injector.toString(),
                "CRASH_DIR",
                dir.resolve("work") + "/",
                "CRASH_MODE",
                "off",
                "CRASH_LOG",
                log.toString()));
    System.out.println(said);
    assertEquals(4, said.lines().filter(line -> line.startsWith("DONE")).count());
  }

  private static String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), UTF_8);
      assertEquals(0, process.waitFor(), said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
