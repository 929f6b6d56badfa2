package dev.moonboot.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path temp;

  @Test
  void a_missing_program_names_its_package() {
    IOException missing =
        assertThrows(
            IOException.class, () -> Program.find("no-such-program", "nothing", "an ISO image"));
    assertEquals(
        "an ISO image needs the program no-such-program, which is not on PATH; install the package"
            + " nothing",
        missing.getMessage());
  }

  @Test
  void only_absolute_folders_are_searched() {
    assertTrue(Program.find("sh", ".:bin").isEmpty());
    assertTrue(Program.find("sh", "relative:/bin").isPresent());
  }

  @Test
  void how_it_ended_and_what_it_said_is_told() throws IOException {
    Program shell = Program.find("sh", "dash", "a test");
    Program.Ended ended =
        shell.run(
            temp,
            SOON,
            Map.of("X", "y z"),
            List.of("-c", "echo \"$X $LC_ALL $HOME.\" >&2; exit 3"));
    assertEquals(new Program.Ended(3, "y z C ."), ended);
  }

  @Test
  void one_that_does_not_end_is_stopped() throws IOException {
    Program sleep = Program.find("sleep", "coreutils", "a test");
    IOException late =
        assertThrows(
            IOException.class,
            () -> sleep.run(temp, Duration.ofMillis(50), Map.of(), List.of("100")));
    assertTrue(String.valueOf(late.getMessage()).endsWith("sleep did not end within 0 s"));
  }
}
