package dev.moonboot.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs a {@link CrashLab} in JVMs of their own. */
public final class CrashRun {
  /** How a call fails: power lost before it or in the middle of it, the disk full or broken. */
  static final List<String> MODES = List.of("dead", "torn", "enospc", "eio");

  static final String DONE = "DONE";
  static final String SURVIVED = "SURVIVED";
  private static final int KILLED = 137;

  private final Class<?> lab;
  private final Path log;
  private final FaultInjector injector;

  private CrashRun(Class<?> lab, Path log, FaultInjector injector) {
    this.lab = lab;
    this.log = log;
    this.injector = injector;
  }

  /**
   * Needs gcc.
   *
   * @param lab whose {@code main} calls {@link CrashLab#main}
   * @param target a folder that has no faults
   */
  public static CrashRun of(Class<?> lab, Path target) throws IOException, InterruptedException {
    return new CrashRun(lab, target.resolve("log"), FaultInjector.build(target));
  }

  /** A fault of each kind at every call. */
  public void everyCall(Path dir, int scenarios) throws IOException, InterruptedException {
    var ended = injector.run(lab, dir, log, "off", 0, "all", dir.toString(), log.toString());
    assertEquals(0, ended.status(), ended.text());
    System.out.println(ended.text());
    long done = ended.text().lines().filter(line -> line.startsWith(DONE)).count();
    assertEquals(scenarios * (long) MODES.size(), done, "all of it ran");
  }

  /** Looks at a folder in which the process that changed it was killed. */
  @FunctionalInterface
  public interface Check {
    void of(Path root) throws Exception;
  }

  /** SIGKILL at one call, another {@code step} calls later, and so on, until none is reached. */
  public void killed(Path dir, Enum<?> scenario, int step, Check check) throws Exception {
    boolean survived = false;
    for (int at = 1; !survived; at += step) {
      Path root = dir.resolve("killed-at-" + at);
      var ended = injector.run(lab, dir, log, "off", at, "one", root.toString(), scenario.name());
      survived = ended.text().contains(SURVIVED);
      assertEquals(survived ? 0 : KILLED, ended.status(), ended.text());
      check.of(root);
    }
  }
}
