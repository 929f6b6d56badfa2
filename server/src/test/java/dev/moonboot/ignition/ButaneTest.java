package dev.moonboot.ignition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the program butane, with scripts in its place. */
class ButaneTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String MINIMAL =
      Ignition.BLANK.replace("\"version\":\"\"", "\"version\":\"3.4.0\"");

  @TempDir Path folder;

  private Path script(String text) throws IOException {
    Path script = Files.writeString(folder.resolve("butane"), "#!/bin/bash\n" + text);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private Butane butane(String script, Duration deadline) throws IOException {
    return new Butane(new ButaneRun(script(script), deadline), 2, LONG);
  }

  private String why(String script) throws IOException {
    return why(butane(script, LONG).translate("variant: x"));
  }

  private static String why(Translation translation) {
    return switch (translation) {
      case Translation.Made(Normalized.Config(var json)) -> throw new AssertionError(json);
      case Translation.Made(Normalized.Unusable(var why)) -> why;
      case Translation.NotNow(var why) -> why;
    };
  }

  private static Translation made(String json) {
    return new Translation.Made(new Normalized.Config(json));
  }

  @Test
  void what_it_writes_is_brought_to_3_4() throws IOException {
    assertEquals(
        made(MINIMAL),
        butane("/bin/cat", LONG).translate("{\"ignition\":{\"version\":\"3.3.0\"},\"x\":1}"));
  }

  @Test
  void it_gets_the_text_and_nothing_else() throws IOException {
    Path seen = folder.resolve("seen");
    why(
        "(echo \"args=$#\"; /usr/bin/env | /bin/grep -v -E '^(PWD|SHLVL|_)='; /bin/ls -A . ; "
            + "/bin/cat) > %s".formatted(seen));
    assertEquals("args=0\nvariant: x", Files.readString(seen));
  }

  @Test
  void warnings_pass() throws IOException {
    assertEquals(
        made(MINIMAL),
        butane("echo 'warning at $.zzz' >&2; /bin/cat", LONG)
            .translate("{\"ignition\":{\"version\":\"3.4.0\"}}"));
  }

  @Test
  void what_it_says_of_a_bad_config_is_the_reason() throws IOException {
    assertEquals(
        "butane refused it (exit code 1): Error translating config: no variant",
        why("printf 'Error translating\\nconfig: no\\tvariant\\n' >&2; exit 1"));
    assertTrue(why("/usr/bin/yes longer | /usr/bin/head -c 60000 >&2; exit 2").length() < 400);
  }

  @Test
  void output_that_is_no_config_of_3_4_is_no_answer() throws IOException {
    assertEquals(
        "what butane made of it: the config is of spec 3.5.0 and only 3.0.0 to 3.4.0 are read",
        why("echo '{\"ignition\":{\"version\":\"3.5.0\"}}'"));
    assertEquals("what butane made of it: the config is empty", why(":"));
  }

  @Test
  void one_that_hangs_is_ended_with_all_that_it_started() throws IOException {
    Path pid = folder.resolve("pid");
    Butane butane =
        butane("/bin/sleep 600 & echo $! > %s; wait".formatted(pid), Duration.ofSeconds(4));
    assertEquals("butane did not end within 4000 ms", why(butane.translate("a")));
    long child = Long.parseLong(Files.readString(pid).strip());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (ProcessHandle.of(child).filter(ProcessHandle::isAlive).isPresent()) {
      assertTrue(System.nanoTime() < end, "process " + child + " is still there");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Test
  void one_that_leaves_a_child_behind_is_not_waited_for() throws IOException {
    Path pid = folder.resolve("pid");
    assertEquals(
        made(MINIMAL),
        butane("/bin/cat; /bin/sleep 600 & echo $! > %s".formatted(pid), LONG)
            .translate("{\"ignition\":{\"version\":\"3.4.0\"}}"));
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void one_that_floods_is_ended() throws IOException {
    assertEquals("butane says more than a config may have (4 MiB)", why("/usr/bin/yes; exit 0"));
    assertEquals(
        "butane says more than a config may have (4 MiB)", why("/usr/bin/yes >&2; exit 0"));
  }

  @Test
  void one_that_does_not_read_is_not_waited_for() throws IOException {
    Butane butane = butane("echo '{\"ignition\":{\"version\":\"3.4.0\"}}'", LONG);
    assertEquals(made(MINIMAL), butane.translate("#".repeat(1 << 20)));
  }

  @Test
  void one_that_is_gone_is_told() throws IOException {
    Butane butane = butane(":", LONG);
    Files.delete(folder.resolve("butane"));
    assertTrue(why(butane.translate("a")).startsWith("butane cannot be run: "));
  }

  @Test
  void a_text_is_translated_once() throws Exception {
    Path runs = folder.resolve("runs");
    Path script = script("echo x >> %s; /bin/cat".formatted(runs));
    Butane butane = new Butane(new ButaneRun(script, LONG), 2, LONG);
    String text = "{\"ignition\":{\"version\":\"3.4.0\"}}";
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Translation>> all =
          threads.invokeAll(Collections.nCopies(50, () -> butane.translate(text)));
      for (Future<Translation> each : all) {
        assertEquals(made(MINIMAL), each.get());
      }
    }
    assertEquals(1, Files.readAllLines(runs).size());
    butane.translate(text + "\n");
    assertEquals(2, Files.readAllLines(runs).size());
    Files.setLastModifiedTime(script, FileTime.fromMillis(1_000)); // another program
    butane.translate(text);
    assertEquals(3, Files.readAllLines(runs).size());
  }

  @Test
  void a_refusal_is_kept_and_a_mishap_is_not() throws IOException {
    Path runs = folder.resolve("runs");
    Butane refusing = butane("echo x >> %s; exit 1".formatted(runs), LONG);
    refusing.translate("a");
    refusing.translate("a");
    assertEquals(1, Files.readAllLines(runs).size());
    Butane flooding = butane("echo x >> %s; /usr/bin/yes".formatted(runs), LONG);
    assertInstanceOf(Translation.NotNow.class, flooding.translate("a"));
    flooding.translate("a");
    assertEquals(3, Files.readAllLines(runs).size());
  }

  @Test
  void no_more_run_than_there_are_places() throws Exception {
    Path script = script("exec /bin/sleep 600");
    Butane butane =
        new Butane(new ButaneRun(script, Duration.ofSeconds(3)), 1, Duration.ofMillis(50));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Translation>> both =
          threads.invokeAll(List.of(() -> butane.translate("a"), () -> butane.translate("b")));
      assertEquals(
          List.of(
              "busy: too many Butane configs to translate at once",
              "butane did not end within 3000 ms"),
          both.stream().map(each -> why(each.resultNow())).sorted().toList());
    }
  }

  @Test
  void what_was_asked_for_last_is_kept() {
    Translations kept = new Translations();
    for (String key : List.of("a", "b", "c")) {
      var task = task();
      assertEquals(task, kept.putIfAbsent(key, task));
      kept.weigh(key, 6 << 20);
    }
    var again = task();
    assertEquals(again, kept.putIfAbsent("a", again), "the oldest made room");
    var other = task();
    assertFalse(other.equals(kept.putIfAbsent("c", other)));
  }

  private static FutureTask<ButaneRun.Outcome> task() {
    return new FutureTask<>(() -> new ButaneRun.Outcome.Done(""));
  }

  @Test
  void the_program_is_named_by_a_whole_path_and_can_be_run() throws IOException {
    Path script = script(":");
    Path plain = Files.createFile(folder.resolve("plain"));
    ConfigProblems problems = new ConfigProblems();
    for (String path : List.of(script.toString(), "butane", plain.toString())) {
      ButaneConfig.read(ConfigReader.of(Map.of("butane", path), problems));
    }
    assertEquals(
        List.of(
            "butane: butane: butane is not an absolute path, such as /usr/local/bin/butane",
            "butane: butane: %s is no program that can be run here: install butane there, or leave"
                    .formatted(plain)
                + " this out"),
        problems.all());
  }
}
