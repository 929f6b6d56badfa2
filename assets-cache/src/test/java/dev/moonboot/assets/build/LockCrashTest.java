package dev.moonboot.assets.build;

import dev.moonboot.assets.build.LockCrashLab.Scenario;
import dev.moonboot.testing.CrashRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code moonboot build lock} with a fault at every call that changes a file. */
class LockCrashTest {
  @TempDir Path dir;

  /** Old or new, never torn; and where it is told that it failed it can be written again. */
  @Test
  void c_02_c_07_a_fault_at_any_call_leaves_the_old_lock_file_or_the_new(@TempDir Path target)
      throws Exception {
    CrashRun run = CrashRun.of(LockCrashLab.class, target);
    run.everyCall(dir, Scenario.values().length);
    run.killed(dir, Scenario.REPLACE, 1, LockCrashLab::check);
  }
}
