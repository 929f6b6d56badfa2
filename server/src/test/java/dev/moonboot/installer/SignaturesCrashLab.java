package dev.moonboot.installer;

import dev.moonboot.assets.Digest;
import dev.moonboot.testing.CrashLab;
import dev.moonboot.testing.FaultInjector;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Lets the file of signatures be replaced with a fault at every single call that changes a file,
 * and looks at what a start finds then.
 */
final class SignaturesCrashLab {
  /** What is under way when the fault comes. */
  enum Scenario {
    REPLACE
  }

  private static final Digest KEY = Digest.of(new byte[] {1});
  private static final Map<Digest, byte[]> OLD = Map.of(Digest.of(new byte[] {2}), new byte[] {2});
  private static final Map<Digest, byte[]> NEW =
      Map.of(Digest.of(new byte[] {2}), new byte[] {2}, Digest.of(new byte[] {3}), new byte[] {3});

  private SignaturesCrashLab() {}

  private static KeptSignatures prepared(Path root) {
    KeptSignatures kept = at(root);
    kept.write(OLD);
    return kept;
  }

  private static KeptSignatures at(Path root) {
    return new KeptSignatures(root.resolve("signatures.json"), KEY);
  }

  public static void main(String[] args) throws Exception {
    CrashLab.main(args, Scenario.class, SignaturesCrashLab::change, SignaturesCrashLab::point);
  }

  private static CrashLab.Change change(Path root, Scenario scenario) {
    KeptSignatures kept = prepared(root);
    return () -> kept.write(NEW);
  }

  private static void point(Path root, Scenario scenario, String mode, int at) {
    KeptSignatures kept = prepared(root);
    FaultInjector.arm(mode, at);
    kept.write(NEW); // it only says that they are not kept
    FaultInjector.arm("off", 0);
    check(root);
    at(root).write(NEW);
    CrashLab.check(same(at(root).read(), NEW), "not written");
  }

  /** Those of before or those of now: a bundle that was given away once stays what it was. */
  static void check(Path root) {
    Map<Digest, byte[]> found = at(root).read();
    CrashLab.check(same(found, OLD) || same(found, NEW), "a start finds " + found.keySet());
  }

  private static boolean same(Map<Digest, byte[]> one, Map<Digest, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(entry -> Arrays.equals(entry.getValue(), other.get(entry.getKey())));
  }
}
