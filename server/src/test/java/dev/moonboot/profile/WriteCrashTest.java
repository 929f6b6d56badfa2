package dev.moonboot.profile;

import dev.moonboot.profile.WriteCrashLab.Scenario;
import dev.moonboot.testing.CrashRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writing and deleting a profile, with a fault at every call that changes a file. */
class WriteCrashTest {
  private static CrashRun run;

  @TempDir Path dir;

  @BeforeAll
  static void build(@TempDir Path target) throws IOException, InterruptedException {
    run = CrashRun.of(WriteCrashLab.class, target);
  }

  /**
   * Dead or torn at any call the file is the old one or the new one; a call that fails with ENOSPC
   * or EIO leaves the old one in force, and says so.
   */
  @Test
  void c_07_a_fault_at_any_call_of_a_put_leaves_the_old_profile_or_the_new_whole()
      throws Exception {
    run.everyCall(dir, Scenario.values().length);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void c_02_killed_at_any_call_a_new_start_finds_the_old_profile_or_the_new(Scenario scenario)
      throws Exception {
    run.killed(dir, scenario, 1, root -> WriteCrashLab.checkAfterRestart(root, scenario));
  }
}
