package dev.moonboot.assets.build;

import dev.moonboot.files.Disk;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs in a JVM of its own under the fault injector: lets a lock file be replaced with a fault at
 * every single call that changes a file, and looks at what is there then.
 *
 * <p>Arguments: {@code all DIR LOG} goes through all points; {@code one DIR} replaces it once, to
 * be killed.
 */
final class LockCrashLab {
  private static final String OLD = "v1.13.8";
  private static final String NEW = "v1.13.9";

  private LockCrashLab() {}

  private static LockFile file(String version) {
    var base = LockedInput.ofComposed("talos");
    return LockFile.EMPTY.with("compute", new LockedBuild(version, "", List.of(base)));
  }

  static Path prepared(Path root) throws IOException {
    Path lock = Files.createDirectories(root).resolve("moonboot.lock");
    file(OLD).write(lock);
    return lock;
  }

  public static void main(String[] args) throws IOException {
    FaultInjector.arm("off", 0);
    Path dir = Path.of(args[1]);
    if (args[0].equals("one")) {
      Path lock = prepared(dir);
      FaultInjector.arm("kill", Long.parseLong(System.getenv("CRASH_AT")));
      file(NEW).write(lock);
      FaultInjector.arm("off", 0);
      System.out.println("SURVIVED");
      return;
    }
    Path log = Path.of(args[2]);
    Path first = prepared(dir.resolve("log"));
    FaultInjector.arm("log", 0);
    file(NEW).write(first);
    FaultInjector.arm("off", 0);
    List<String> calls = Files.readAllLines(log);
    for (String mode : List.of("dead", "torn", "enospc", "eio")) {
      for (int at = 1; at <= calls.size(); at++) {
        point(dir.resolve(mode + "-" + at), mode, at, calls.get(at - 1));
      }
      System.out.printf("DONE %s points=%d%n", mode, calls.size());
    }
  }

  private static void point(Path root, String mode, int at, String call) throws IOException {
    Path lock = prepared(root);
    boolean told = false;
    FaultInjector.arm(mode, at);
    try {
      file(NEW).write(lock);
    } catch (LockException e) {
      told = true;
    }
    FaultInjector.arm("off", 0);
    LockFile found = check(lock);
    if (!told && !found.equals(file(NEW))) {
      throw new AssertionError(
          mode + " at " + call + ": nothing was told, and the old one is there");
    }
    file(NEW).write(lock);
    if (!LockFile.read(lock).equals(file(NEW))) {
      throw new AssertionError(mode + " at " + call + ": it cannot be written again");
    }
    Disk.deleteTree(root);
  }

  /** Old or new, never torn. */
  static LockFile check(Path lock) {
    LockFile found = LockFile.read(lock);
    if (!found.equals(file(OLD)) && !found.equals(file(NEW))) {
      throw new AssertionError("neither old nor new: " + found);
    }
    return found;
  }
}
