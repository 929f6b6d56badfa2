package dev.moonboot.installer;

import dev.moonboot.installer.SignaturesCrashLab.Scenario;
import dev.moonboot.testing.CrashRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of signatures, with a fault at every call that changes a file. */
class SignaturesCrashTest {
  @TempDir Path dir;

  @Test
  void c_02_c_07_a_fault_at_any_call_leaves_the_signatures_of_before_or_of_now(@TempDir Path target)
      throws Exception {
    CrashRun run = CrashRun.of(SignaturesCrashLab.class, target);
    run.everyCall(dir, Scenario.values().length);
    run.killed(dir, Scenario.REPLACE, 1, SignaturesCrashLab::check);
  }
}
