package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.cache.CrashLab.Scenario;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What faults and deaths leave behind, enumerated by a fault injector in front of the C library.
 */
class CrashTest {
  private static final Path SOURCE = Path.of("src/test/c/crashat.c");
  private static final String STEP = System.getProperty("moonboot.crash.step", "5");
  private static Path injector;

  @TempDir(factory = MemoryDirectory.class)
  Path dir;

  @BeforeAll
  static void build(@TempDir Path target) throws IOException, InterruptedException {
    Path gcc = Requires.program("gcc");
    injector = target.resolve("crashat.so");
    var builder =
        new ProcessBuilder(gcc.toString(), "-Wall", "-Werror", "-O1", "-shared", "-fPIC", "-o")
            .redirectErrorStream(true);
    builder.command().addAll(List.of(injector.toString(), SOURCE.toString(), "-ldl"));
    var built = ChildJvm.run(builder, Map.of());
    assertEquals(0, built.status(), built.text());
  }

  private Map<String, String> environment(String mode, long at) {
    return Map.of(
        "LD_PRELOAD", injector.toString(),
        "CRASH_DIR", dir.toString() + "/",
        "CRASH_MODE", mode,
        "CRASH_AT", Long.toString(at),
        "CRASH_LOG", dir.resolveSibling(dir.getFileName() + ".log").toString());
  }

  /**
   * C-02: dead or torn at any call, a new start finds the old state or the whole new one, and
   * fetches what was missing and at most the one write that was lost again. C-06, C-07: a call that
   * fails with EIO or ENOSPC is named, harms nothing, and the next refresh succeeds. X-20: no
   * leftovers. C-16: head and former heads change together, or not at all. A sample of the calls,
   * and all that concern the state; {@code -Dmoonboot.crash.step=1} is all of them.
   */
  @Test
  void c_02_c_06_c_07_x_20_a_fault_at_any_call_leaves_the_old_state_or_the_new() throws Exception {
    Map<String, String> environment = environment("off", 0);
    Path log = Path.of(environment.get("CRASH_LOG"));
    try {
      var ended =
          ChildJvm.run(
              ChildJvm.of(CrashLab.class, "all", dir.toString(), log.toString(), STEP),
              environment);
      ended.text().lines().filter(line -> line.startsWith("DONE")).forEach(System.out::println);
      assertEquals(0, ended.status(), ended.text());
      assertEquals(
          Stream.of(Scenario.values()).count() * 4,
          ended.text().lines().filter(line -> line.startsWith("DONE")).count());
    } finally {
      Files.deleteIfExists(log);
    }
  }

  /**
   * Sweeping, and finding and healing damage, under the same faults. A sample of the calls; {@code
   * -Dmoonboot.crash.step=1} is all of them.
   */
  @Test
  void c_06_c_07_s_15_a_fault_while_sweeping_or_healing_deletes_nothing_that_is_needed()
      throws Exception {
    Map<String, String> environment = environment("off", 0);
    Path log = Path.of(environment.get("CRASH_LOG"));
    try {
      var ended =
          ChildJvm.run(
              ChildJvm.of(CareLab.class, dir.toString(), log.toString(), STEP), environment);
      ended.text().lines().filter(line -> line.startsWith("DONE")).forEach(System.out::println);
      assertEquals(0, ended.status(), ended.text());
      assertEquals(8, ended.text().lines().filter(line -> line.startsWith("DONE")).count());
    } finally {
      Files.deleteIfExists(log);
    }
  }

  @Test
  void c_18_a_disk_that_cannot_rename_over_what_is_there_is_refused_at_start() throws Exception {
    var ended =
        ChildJvm.run(
            ChildJvm.of(CrashLab.class, "hold", dir.resolve("cache").toString()),
            environment("exdev", 0));
    assertTrue(ended.text().contains("cannot rename a file over another"), ended.text());
    assertFalse(ended.text().contains("OPEN"), ended.text());
  }

  /** The same with real deaths, at some of the calls. */
  @ParameterizedTest
  @EnumSource(Scenario.class)
  void c_02_killed_at_some_call_it_starts_again_and_finishes(Scenario scenario) throws Exception {
    boolean survived = false;
    for (int at = 3; !survived; at += 13) {
      Path root = dir.resolve("killed-at-" + at);
      var ended =
          ChildJvm.run(
              ChildJvm.of(CrashLab.class, "pull", root.toString(), scenario.name()),
              environment("kill", at));
      survived = ended.text().contains("SURVIVED");
      assertEquals(survived ? 0 : 137, ended.status(), ended.text());
      new CrashLab.Bench(root, scenario, true).checkAfterRestart(false);
    }
  }

  /** A limit on the size of files: what is longer is cut by write(2), then refused with EFBIG. */
  @Test
  void c_09_a_file_cut_short_never_becomes_an_object() throws Exception {
    ProcessBuilder child =
        ChildJvm.of(CrashLab.class, "pull", dir.resolve("cache").toString(), "FIRST_PULL");
    child
        .command()
        .addAll(0, List.of("bash", "-c", "ulimit -f 32; exec \"$0\" \"$@\"")); // KiB: half a layer
    var ended = ChildJvm.run(child, environment("off", 0));
    assertTrue(ended.text().contains("NO_SPACE"), ended.text());
    try (var blobs = Files.list(dir.resolve("cache/blobs/sha256"))) {
      assertEquals(List.of(), blobs.toList());
    }
    assertFalse(Files.exists(dir.resolve("cache/state/channels/custom.1")));
  }

  @Test
  void c_17_a_second_process_is_told_that_the_cache_is_in_use() throws Exception {
    Process first = ChildJvm.of(CrashLab.class, "hold", dir.toString()).start();
    try (var out = first.inputReader(UTF_8)) {
      assertEquals("OPEN", out.readLine());
      CacheFixture fixture = new CacheFixture(dir);
      assertTrue(assertThrows(CacheException.class, fixture::open).isLocked());
      first.outputWriter(UTF_8).close(); // now it ends
      assertEquals(0, first.waitFor());
      fixture.open().close();
    } finally {
      first.destroyForcibly();
    }
  }
}
