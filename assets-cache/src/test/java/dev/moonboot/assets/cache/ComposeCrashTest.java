package dev.moonboot.assets.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.cache.ComposeCrashLab.Scenario;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What faults and deaths leave behind of a composition under way. */
class ComposeCrashTest {
  private static final String STEP = System.getProperty("moonboot.crash.step", "60");
  private static FaultInjector injector;

  @TempDir(factory = MemoryDirectory.class)
  Path dir;

  @BeforeAll
  static void build(@TempDir Path target) throws IOException, InterruptedException {
    injector = FaultInjector.build(target);
  }

  private Path log() {
    return dir.resolveSibling(dir.getFileName() + ".log");
  }

  /**
   * Dead or torn at a call: a new start serves the old head or the whole new release, what was
   * under way is swept, and the next look composes. A call that fails with ENOSPC or EIO is told as
   * what it is, not as a fault of the images. A sample of the calls, and all that concern the state
   * (with the recipe); {@code -Dmoonboot.crash.step=1} is all of them.
   */
  @Test
  void c_02_c_06_c_07_x_20_a_fault_while_composing_leaves_the_old_release_or_the_new()
      throws Exception {
    try {
      var ended =
          injector.run(
              ComposeCrashLab.class,
              dir,
              log(),
              "off",
              0,
              "all",
              dir.toString(),
              log().toString(),
              STEP);
      ended.text().lines().filter(line -> line.startsWith("DONE")).forEach(System.out::println);
      assertEquals(0, ended.status(), ended.text());
      assertEquals(
          Scenario.values().length * 4L,
          ended.text().lines().filter(line -> line.startsWith("DONE")).count());
    } finally {
      Files.deleteIfExists(log());
    }
  }

  /** The same with real deaths, at some of the calls. */
  @ParameterizedTest
  @EnumSource(Scenario.class)
  void c_02_killed_while_composing_it_starts_again_and_composes(Scenario scenario)
      throws Exception {
    boolean survived = false;
    for (int at = 20; !survived; at += 90) {
      Path root = dir.resolve("killed-at-" + at);
      var ended =
          injector.run(
              ComposeCrashLab.class,
              root,
              log(),
              "off",
              at,
              "one",
              root.toString(),
              scenario.name());
      survived = ended.text().contains("SURVIVED");
      assertEquals(survived ? 0 : 137, ended.status(), ended.text());
      new ComposeCrashLab(root.resolve("again"), root.resolve("images"))
          .checkAfterRestart(root.resolve("root"), scenario);
    }
  }
}
