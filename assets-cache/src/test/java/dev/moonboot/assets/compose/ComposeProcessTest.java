package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Composes in processes of their own, with what may make bytes differ, or memory run out. */
class ComposeProcessTest {
  private static final long LONGEST = 10;

  @TempDir Path temp;

  private String compose(String folder, List<String> options, String... what)
      throws IOException, InterruptedException {
    Path in = Files.createDirectories(temp.resolve(folder));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ComposeMain.class.getName(),
            in.toString()));
    command.addAll(List.of(what));
    Path log = temp.resolve("log");
    Process child = new ProcessBuilder(command).redirectError(log.toFile()).start();
    String told = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertTrue(child.waitFor(LONGEST, TimeUnit.MINUTES), "the child does not end");
    String fault = Files.readString(log);
    assertEquals(0, child.exitValue(), () -> told + fault);
    return told;
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.13.0", "v1.7.0"})
  void folder_locale_time_zone_and_threads_make_no_difference(String version)
      throws IOException, InterruptedException {
    String here =
        compose("a", List.of("-Duser.timezone=UTC", "-Duser.language=en"), version, "1", "1", "1");
    String there =
        compose(
            "b/deeper",
            List.of(
                "-Duser.timezone=Pacific/Kiritimati",
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Dfile.encoding=ISO-8859-1"),
            version,
            "1",
            "1",
            "3");
    assertEquals(here, there);
    assertTrue(here.contains("005-schematic.sqsh sha256:"), here);
  }

  @Test
  void m_02_a_base_of_90_mebibytes_is_composed_with_128_mebibytes_of_heap()
      throws IOException, InterruptedException {
    String told =
        compose(
            "large",
            List.of("-Xmx128m", "-XX:MaxDirectMemorySize=32m", "-XX:TieredStopAtLevel=1"),
            "v1.13.0",
            "90",
            "4",
            "2");
    assertTrue(told.contains("whole sha256:"), told);
  }
}
