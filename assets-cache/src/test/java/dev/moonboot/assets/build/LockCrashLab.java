package dev.moonboot.assets.build;

import dev.moonboot.testing.CrashLab;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets a lock file be replaced with a fault at every single call that changes a file, and looks at
 * what is there then.
 */
final class LockCrashLab {
  /** What is under way when the fault comes. */
  enum Scenario {
    REPLACE
  }

  private static final String OLD = "v1.13.8";
  private static final String NEW = "v1.13.9";

  private LockCrashLab() {}

  private static LockFile file(String version) {
    var base = LockedInput.ofComposed("talos");
    return LockFile.EMPTY.with("compute", new LockedBuild(version, "", List.of(base)));
  }

  private static Path lock(Path root) {
    return root.resolve("moonboot.lock");
  }

  public static void main(String[] args) throws Exception {
    CrashLab.main(args, Scenario.class, LockCrashLab::change, LockCrashLab::point);
  }

  private static CrashLab.Change change(Path root, Scenario scenario) throws IOException {
    file(OLD).write(lock(root));
    return () -> file(NEW).write(lock(root));
  }

  private static void point(Path root, Scenario scenario, String mode, int at) throws IOException {
    Path lock = lock(root);
    file(OLD).write(lock);
    boolean told = false;
    FaultInjector.arm(mode, at);
    try {
      file(NEW).write(lock);
    } catch (LockException e) {
      told = true;
    }
    FaultInjector.arm("off", 0);
    LockFile found = check(root);
    CrashLab.check(told || found.equals(file(NEW)), "nothing was told, and the old one is there");
    file(NEW).write(lock);
    CrashLab.check(LockFile.read(lock).equals(file(NEW)), "it cannot be written again");
  }

  /** Old or new, never torn. */
  static LockFile check(Path root) {
    LockFile found = LockFile.read(lock(root));
    CrashLab.check(
        found.equals(file(OLD)) || found.equals(file(NEW)), "neither old nor new: " + found);
    return found;
  }
}
