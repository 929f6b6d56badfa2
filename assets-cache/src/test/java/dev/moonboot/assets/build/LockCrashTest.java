package dev.moonboot.assets.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.FaultInjector;
import java.nio.file.Files;
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
    FaultInjector injector = FaultInjector.build(target);
    Path log = target.resolve("log");
    var ended =
        injector.run(LockCrashLab.class, dir, log, "off", 0, "all", dir.toString(), log.toString());
    assertEquals(0, ended.status(), ended.text());
    assertEquals(4, ended.text().lines().filter(line -> line.startsWith("DONE")).count());
    int at = 0;
    for (boolean survived = false; !survived; ) {
      Path root = Files.createDirectory(dir.resolve("killed-at-" + ++at));
      var killed = injector.run(LockCrashLab.class, dir, log, "off", at, "one", root.toString());
      survived = killed.text().contains("SURVIVED");
      assertEquals(survived ? 0 : 137, killed.status(), killed.text());
      LockCrashLab.check(root.resolve("moonboot.lock"));
    }
  }
}
