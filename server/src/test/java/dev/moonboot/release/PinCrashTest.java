package dev.moonboot.release;

import dev.moonboot.release.PinCrashLab.Scenario;
import dev.moonboot.testing.CrashRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Setting, rolling back and removing a pin, with a fault at every call that changes a file. */
class PinCrashTest {
  private static CrashRun run;

  @TempDir Path dir;

  @BeforeAll
  static void build(@TempDir Path target) throws IOException, InterruptedException {
    run = CrashRun.of(PinCrashLab.class, target);
  }

  /**
   * I3, I4: dead or torn at any call, a start finds the pin before or after, and what was
   * acknowledged always; a call that fails with ENOSPC or EIO refuses the change, and no start
   * finds it.
   */
  @Test
  void c_02_c_07_a_fault_at_any_call_leaves_the_pin_before_or_after() throws Exception {
    run.everyCall(dir, Scenario.values().length);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void c_02_killed_at_some_call_a_start_finds_the_pin_before_or_after(Scenario scenario)
      throws Exception {
    run.killed(dir, scenario, 3, root -> PinCrashLab.checkAfterRestart(root, scenario));
  }
}
