package dev.moonboot.factory;

import dev.moonboot.factory.FactoryCrashLab.Scenario;
import dev.moonboot.testing.CrashRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schematics, orders and versions, with a fault at every call that changes a file. */
class FactoryCrashTest {
  private static CrashRun run;

  @TempDir Path dir;

  @BeforeAll
  static void build(@TempDir Path target) throws IOException, InterruptedException {
    run = CrashRun.of(FactoryCrashLab.class, target);
  }

  /**
   * Dead or torn at any call, a start finds what was before or what is now, and an id that was
   * given always; a call that fails with ENOSPC or EIO is told, and the next one does it.
   */
  @Test
  void c_02_c_07_a_fault_at_any_call_leaves_a_factory_as_before_or_as_now() throws Exception {
    run.everyCall(dir, Scenario.values().length);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void c_02_killed_at_some_call_a_start_finds_it_as_before_or_as_now(Scenario scenario)
      throws Exception {
    run.killed(dir, scenario, 2, root -> FactoryCrashLab.checkAfterRestart(root, scenario));
  }
}
