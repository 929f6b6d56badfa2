package dev.moonboot.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.factory.FactoryCrashLab.Scenario;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schematics, orders and versions, with a fault at every call that changes a file. */
class FactoryCrashTest {
  private static FaultInjector injector;

  @TempDir Path dir;

  @BeforeAll
  static void build(@TempDir Path target) throws IOException, InterruptedException {
    injector = FaultInjector.build(target);
  }

  private Path log() {
    return dir.resolveSibling(dir.getFileName() + ".log");
  }

  /**
   * Dead or torn at any call, a start finds what was before or what is now, and an id that was
   * given always; a call that fails with ENOSPC or EIO is told, and the next one does it.
   */
  @Test
  void c_02_c_07_a_fault_at_any_call_leaves_a_factory_as_before_or_as_now() throws Exception {
    var ended =
        injector.run(
            FactoryCrashLab.class, dir, log(), "off", 0, "all", dir.toString(), log().toString());
    assertEquals(0, ended.status(), ended.text());
    System.out.println(ended.text());
    long done = ended.text().lines().filter(line -> line.startsWith("DONE")).count();
    assertEquals(Scenario.values().length * 4L, done);
    Files.deleteIfExists(log());
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void c_02_killed_at_some_call_a_start_finds_it_as_before_or_as_now(Scenario scenario)
      throws Exception {
    boolean survived = false;
    for (int at = 1; !survived; at += 2) {
      Path root = dir.resolve("killed-at-" + at);
      var ended =
          injector.run(
              FactoryCrashLab.class,
              dir,
              log(),
              "off",
              at,
              "one",
              root.toString(),
              scenario.name());
      survived = ended.text().contains("SURVIVED");
      assertEquals(survived ? 0 : 137, ended.status(), ended.text());
      FactoryCrashLab.checkAfterRestart(root, scenario);
    }
  }
}
