package dev.moonboot.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.FaultInjector;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of signatures, with a fault at every call that changes a file. */
class SignaturesCrashTest {
  @TempDir Path dir;

  @Test
  void c_02_c_07_a_fault_at_any_call_leaves_the_signatures_of_before_or_of_now(@TempDir Path target)
      throws Exception {
    FaultInjector injector = FaultInjector.build(target);
    Path log = target.resolve("log");
    var ended =
        injector.run(
            SignaturesCrashLab.class, dir, log, "off", 0, "all", dir.toString(), log.toString());
    assertEquals(0, ended.status(), ended.text());
    assertEquals(4, ended.text().lines().filter(line -> line.startsWith("DONE")).count());
    int at = 0;
    for (boolean survived = false; !survived; ) {
      Path root = Files.createDirectory(dir.resolve("killed-at-" + ++at));
      var killed =
          injector.run(SignaturesCrashLab.class, dir, log, "off", at, "one", root.toString());
      survived = killed.text().contains("SURVIVED");
      assertEquals(survived ? 0 : 137, killed.status(), killed.text());
      SignaturesCrashLab.check(root);
    }
  }
}
