package dev.moonboot.testing;

import dev.moonboot.files.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The part of a {@link CrashRun} that has the faults, in a JVM of its own: makes changes with a
 * fault at every single call that changes a file, and has looked at after each what there is.
 *
 * @param <S> what is under way when the fault comes
 */
public interface CrashLab<S extends Enum<S>> {
  /** A change that is about to be made. */
  @FunctionalInterface
  interface Change extends AutoCloseable {
    void make() throws Exception;

    @Override
    default void close() {}
  }

  /**
   * Makes what is there before.
   *
   * @param root a new folder
   */
  Change prepare(Path root, S scenario) throws Exception;

  /**
   * Prepares, makes the change with that fault ({@link FaultInjector#arm}) and looks at what there
   * is, then and after a restart; throws where that is not as it should be.
   */
  void point(Path root, S scenario, String mode, int at) throws Exception;

  /**
   * Does what {@link CrashRun} asks for: {@code all DIR LOG} goes through all points; {@code one
   * DIR SCENARIO} makes one change, to be killed.
   */
  static <S extends Enum<S>> void main(String[] args, Class<S> scenarios, CrashLab<S> lab)
      throws Exception {
    FaultInjector.arm("off", 0);
    Path dir = Path.of(args[1]);
    if (args[0].equals("one")) {
      try (Change change = prepared(lab, dir, Enum.valueOf(scenarios, args[2]))) {
        FaultInjector.arm("kill", Long.parseLong(System.getenv("CRASH_AT")));
        change.make();
        FaultInjector.arm("off", 0);
      }
      System.out.println(CrashRun.SURVIVED);
    } else {
      for (S scenario : scenarios.getEnumConstants()) {
        List<String> calls = calls(lab, dir.resolve("log"), scenario, Path.of(args[2]));
        for (String mode : CrashRun.MODES) {
          points(lab, dir, scenario, mode, calls);
        }
      }
    }
  }

  private static <S extends Enum<S>> Change prepared(CrashLab<S> lab, Path root, S scenario)
      throws Exception {
    return lab.prepare(Files.createDirectories(root), scenario);
  }

  private static <S extends Enum<S>> List<String> calls(
      CrashLab<S> lab, Path root, S scenario, Path log) throws Exception {
    Files.deleteIfExists(log);
    try (Change change = prepared(lab, root, scenario)) {
      FaultInjector.arm("log", 0);
      change.make();
      FaultInjector.arm("off", 0);
    }
    Disk.deleteTree(root);
    return Files.readAllLines(log);
  }

  private static <S extends Enum<S>> void points(
      CrashLab<S> lab, Path dir, S scenario, String mode, List<String> calls) throws Exception {
    int points = 0;
    for (int at = 1; at <= calls.size(); at++) {
      String call = calls.get(at - 1);
      if (!mode.equals("torn") || call.contains(" write ")) {
        points++;
        Path root = Files.createDirectory(dir.resolve(scenario + "-" + mode + "-" + at));
        try {
          lab.point(root, scenario, mode, at);
        } catch (Exception | AssertionError e) {
          throw new AssertionError(scenario + " " + mode + " at " + call, e);
        }
        Disk.deleteTree(root);
      }
    }
    System.out.printf(
        "%s %s %s points=%d of calls=%d%n", CrashRun.DONE, scenario, mode, points, calls.size());
  }

  /** Fails the run unless something holds. */
  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
