package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.profile.WriteCrashLab.Scenario;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writing and deleting a profile, with a fault at every call that changes a file. */
class WriteCrashTest {
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
   * Dead or torn at any call the file is the old one or the new one; a call that fails with ENOSPC
   * or EIO leaves the old one in force, and says so.
   */
  @Test
  void c_07_a_fault_at_any_call_of_a_put_leaves_the_old_profile_or_the_new_whole()
      throws Exception {
    var ended =
        injector.run(
            WriteCrashLab.class, dir, log(), "off", 0, "all", dir.toString(), log().toString());
    assertEquals(0, ended.status(), ended.text());
    System.out.println(ended.text());
    long done = ended.text().lines().filter(line -> line.startsWith("DONE")).count();
    assertEquals(Scenario.values().length * 4L, done);
    Files.deleteIfExists(log());
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void c_02_killed_at_any_call_a_new_start_finds_the_old_profile_or_the_new(Scenario scenario)
      throws Exception {
    boolean survived = false;
    for (int at = 1; !survived; at++) {
      Path root = dir.resolve("killed-at-" + at);
      var ended =
          injector.run(
              WriteCrashLab.class, dir, log(), "off", at, "one", root.toString(), scenario.name());
      survived = ended.text().contains("SURVIVED");
      assertEquals(survived ? 0 : 137, ended.status(), ended.text());
      WriteCrashLab.checkAfterRestart(root, scenario);
    }
  }
}
