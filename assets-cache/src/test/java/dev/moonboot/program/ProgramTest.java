package dev.moonboot.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path temp;

  @Test
  void a_missing_program_names_its_package() {
    MissingProgramException missing =
        assertThrows(
            MissingProgramException.class,
            () -> Program.find("no-such-program", "nothing", "an ISO image"));
    assertEquals(
        "an ISO image needs no-such-program (package nothing), which is not on PATH: install it on"
            + " this machine",
        missing.getMessage());
  }

  @Test
  void a_need_that_is_met_is_not_told() throws IOException {
    assertEquals(Optional.empty(), new Need("sh", "dash", "a test").missing());
    assertEquals(
        0,
        new Need("sh", "dash", "a test")
            .find()
            .run(temp, SOON, Map.of(), List.of("-c", "true"))
            .status());
    assertEquals(
        Optional.of(
            "a test needs no-such-program (package nothing), which is not on PATH: install it on this"
                + " machine"),
        new Need("no-such-program", "nothing", "a test").missing());
  }

  @Test
  void an_interrupted_run_kills_the_program_and_its_children() throws Exception {
    Program shell = Program.find("sh", "dash", "a test");
    Path pids = temp.resolve("pids");
    Thread running =
        Thread.ofVirtual()
            .start(() ->
                assertThrows(
                    InterruptedIOException.class,
                    () ->
                        shell.run(
                            temp,
                            SOON,
                            Map.of(),
                            List.of("-c", "sleep 100 & echo $$ $! >" + pids + "; wait"))));
    long end = System.nanoTime() + SOON.toNanos();
    while (!Files.exists(pids) || !Files.readString(pids).endsWith("\n")) {
      assertTrue(System.nanoTime() < end, "the program does not begin");
      LockSupport.parkNanos(1_000_000);
    }
    running.interrupt();
    assertTrue(running.join(SOON));
    for (String pid : Files.readString(pids).strip().split(" ", -1)) {
      while (ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isPresent()) {
        assertTrue(System.nanoTime() < end, "process " + pid + " goes on");
        LockSupport.parkNanos(1_000_000);
      }
    }
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
