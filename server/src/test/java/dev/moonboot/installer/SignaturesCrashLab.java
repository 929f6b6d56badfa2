package dev.moonboot.installer;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.Disk;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs in a JVM of its own under the fault injector: lets the file of signatures be replaced with a
 * fault at every single call that changes a file, and looks at what a start finds then.
 *
 * <p>Arguments: {@code all DIR LOG} goes through all points; {@code one DIR} replaces it once, to
 * be killed.
 */
final class SignaturesCrashLab {
  private static final Digest KEY = Digest.of(new byte[] {1});
  private static final Map<Digest, byte[]> OLD = Map.of(Digest.of(new byte[] {2}), new byte[] {2});
  private static final Map<Digest, byte[]> NEW =
      Map.of(Digest.of(new byte[] {2}), new byte[] {2}, Digest.of(new byte[] {3}), new byte[] {3});

  private SignaturesCrashLab() {}

  private static KeptSignatures prepared(Path root) throws IOException {
    KeptSignatures kept = at(Files.createDirectories(root));
    kept.write(OLD);
    return kept;
  }

  private static KeptSignatures at(Path root) {
    return new KeptSignatures(root.resolve("signatures.json"), KEY);
  }

  public static void main(String[] args) throws IOException {
    FaultInjector.arm("off", 0);
    Path dir = Path.of(args[1]);
    if (args[0].equals("one")) {
      KeptSignatures kept = prepared(dir);
      FaultInjector.arm("kill", Long.parseLong(System.getenv("CRASH_AT")));
      kept.write(NEW);
      FaultInjector.arm("off", 0);
      System.out.println("SURVIVED");
      return;
    }
    Path log = Path.of(args[2]);
    KeptSignatures first = prepared(dir.resolve("log"));
    FaultInjector.arm("log", 0);
    first.write(NEW);
    FaultInjector.arm("off", 0);
    List<String> calls = Files.readAllLines(log);
    for (String mode : List.of("dead", "torn", "enospc", "eio")) {
      for (int at = 1; at <= calls.size(); at++) {
        Path root = dir.resolve(mode + "-" + at);
        KeptSignatures kept = prepared(root);
        FaultInjector.arm(mode, at);
        kept.write(NEW); // it only says that they are not kept
        FaultInjector.arm("off", 0);
        check(root);
        at(root).write(NEW);
        require(same(at(root).read(), NEW), mode + " at " + calls.get(at - 1) + ": not written");
        Disk.deleteTree(root);
      }
      System.out.printf("DONE %s points=%d%n", mode, calls.size());
    }
  }

  /** Those of before or those of now: a bundle that was given away once stays what it was. */
  static void check(Path root) {
    Map<Digest, byte[]> found = at(root).read();
    require(same(found, OLD) || same(found, NEW), "a start finds " + found.keySet());
  }

  private static boolean same(Map<Digest, byte[]> one, Map<Digest, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(entry -> Arrays.equals(entry.getValue(), other.get(entry.getKey())));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
