package dev.moonboot.testing;

import dev.moonboot.files.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The part of a {@link CrashRun} that has the faults, in a JVM of its own: makes changes with a
 * fault at every single call that changes a file, and has looked at after each what there is.
 */
public final class CrashLab {
  /** A change that is about to be made. */
  @FunctionalInterface
  public interface Change extends AutoCloseable {
    void make() throws Exception;

    @Override
    default void close() {}
  }

  /**
   * Makes what is there before.
   *
   * @param <S> what is under way when the fault comes
   */
  @FunctionalInterface
  public interface Preparing<S> {
    /**
     * Prepares a change.
     *
     * @param root a new folder
     */
    Change in(Path root, S scenario) throws Exception;
  }

  /**
   * Prepares, makes the change with a fault ({@link FaultInjector#arm}) and looks at what there is,
   * then and after a restart.
   *
   * @param <S> what is under way when the fault comes
   */
  @FunctionalInterface
  public interface Point<S> {
    /** Throws where that is not as it should be. */
    void look(Path root, S scenario, String mode, int at) throws Exception;
  }

  private CrashLab() {}

  /**
   * Does what {@link CrashRun} asks for: {@code all DIR LOG} goes through all points; {@code one
   * DIR SCENARIO} makes one change, to be killed.
   */
  public static <S extends Enum<S>> void main(
      String[] args, Class<S> scenarios, Preparing<S> preparing, Point<S> point) throws Exception {
    FaultInjector.arm("off", 0);
    Path dir = Path.of(args[1]);
    if (args[0].equals("one")) {
      try (Change change = prepared(preparing, dir, Enum.valueOf(scenarios, args[2]))) {
        FaultInjector.arm("kill", Long.parseLong(System.getenv("CRASH_AT")));
        change.make();
        FaultInjector.arm("off", 0);
      }
      System.out.println(CrashRun.SURVIVED);
    } else {
      for (S scenario : scenarios.getEnumConstants()) {
        List<String> calls = calls(preparing, dir.resolve("log"), scenario, Path.of(args[2]));
        for (String mode : CrashRun.MODES) {
          points(point, dir, scenario, mode, calls);
        }
      }
    }
  }

  private static <S> Change prepared(Preparing<S> preparing, Path root, S scenario)
      throws Exception {
    return preparing.in(Files.createDirectories(root), scenario);
  }

  private static <S> List<String> calls(Preparing<S> preparing, Path root, S scenario, Path log)
      throws Exception {
    Files.deleteIfExists(log);
    try (Change change = prepared(preparing, root, scenario)) {
      FaultInjector.arm("log", 0);
      change.make();
      FaultInjector.arm("off", 0);
    }
    Disk.deleteTree(root);
    return Files.readAllLines(log);
  }

  private static <S> void points(
      Point<S> point, Path dir, S scenario, String mode, List<String> calls) throws Exception {
    int points = 0;
    for (int at = 1; at <= calls.size(); at++) {
      String call = calls.get(at - 1);
      if (!mode.equals("torn") || call.contains(" write ")) {
        points++;
        Path root = Files.createDirectory(dir.resolve(scenario + "-" + mode + "-" + at));
        try {
          point.look(root, scenario, mode, at);
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
  public static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
