package dev.moonboot.release;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.testing.CrashLab.check;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.testing.CrashLab;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets changes of a pin fail at every single call that changes a file, and checks after each what
 * is in force, then and after a restart.
 */
final class PinCrashLab {
  /** What is under way when the fault comes. */
  enum Scenario {
    /** The first pin of all: even the directory is new. */
    FIRST,
    PIN,
    ROLLBACK,
    UNPIN
  }

  private static final Channel CUSTOM = SampleReleases.channel("custom");

  private final Path state;
  private final Scenario scenario;
  private final List<Release> oldestFirst;
  private final Releases releases = new Releases(List.of(CUSTOM), null);
  private final Pinning pinning;

  /** A start over a state. */
  private PinCrashLab(Path root, Scenario scenario) throws IOException {
    Path files = Files.createDirectories(root.resolveSibling(root.getFileName() + ".files"));
    SampleReleases samples = new SampleReleases(files);
    this.state = root.resolve("state");
    this.scenario = scenario;
    oldestFirst =
        List.of(
            samples.release("oldest", AMD64, ARM64),
            samples.release("older", AMD64, ARM64),
            samples.release("head", AMD64, ARM64));
    FakeReleaseCache cache =
        new FakeReleaseCache().history("custom", oldestFirst.toArray(new Release[0]));
    Changes changes = Changes.open(state, releases, Audit.NONE);
    releases.advance("custom", cache.releases(CUSTOM));
    pinning =
        new Pinning(
            cache, releases, changes, profile -> new ProfileChannel.Follows(profile, "custom"));
  }

  public static void main(String[] args) throws Exception {
    CrashLab.main(
        args,
        Scenario.class,
        (root, scenario) -> prepared(root, scenario)::change,
        PinCrashLab::point);
  }

  private static PinCrashLab prepared(Path root, Scenario scenario) throws IOException {
    PinCrashLab lab = new PinCrashLab(root, scenario);
    if (scenario != Scenario.FIRST) {
      check(lab.pin(2) instanceof PinOutcome.Pinned, "not prepared");
    }
    return lab;
  }

  private PinOutcome pin(int release) {
    return pinning.pin(
        "talos",
        new PinTarget.ByDigest(oldestFirst.get(release).digest()),
        PinOrder.of("test", Actor.SYSTEM),
        Progress.NONE);
  }

  private PinOutcome change() {
    PinOrder order = PinOrder.of("test", Actor.SYSTEM);
    return switch (scenario) {
      case FIRST, PIN -> pin(0);
      case ROLLBACK -> pinning.rollback("talos", order);
      case UNPIN -> pinning.unpin("talos", order);
    };
  }

  private @Nullable Digest before() {
    return scenario == Scenario.FIRST ? null : oldestFirst.get(2).digest();
  }

  private @Nullable Digest after() {
    return switch (scenario) {
      case FIRST, PIN -> oldestFirst.get(0).digest();
      case ROLLBACK -> oldestFirst.get(1).digest();
      case UNPIN -> null;
    };
  }

  private Optional<Digest> pinned() {
    return releases.decisions().pin("talos").map(Pin::release);
  }

  private static void point(Path root, Scenario scenario, String mode, int at) throws IOException {
    PinCrashLab lab = prepared(root, scenario);
    FaultInjector.arm(mode, at);
    PinOutcome outcome = lab.change();
    FaultInjector.arm("off", 0);
    Optional<Digest> acknowledged =
        Optional.ofNullable(outcome instanceof PinOutcome.Refused ? lab.before() : lab.after());
    check(lab.pinned().equals(acknowledged), "in force is not what was told: " + outcome);
    boolean alive = mode.equals("enospc") || mode.equals("eio");
    Optional<Digest> found = new PinCrashLab(root, scenario).pinned();
    if (alive || !(outcome instanceof PinOutcome.Refused)) {
      // I4 for what was acknowledged; and what was refused does not come back
      check(found.equals(acknowledged), "a start finds " + found + " after " + outcome);
    }
    checkAfterRestart(root, scenario);
  }

  /** I3: the old state or the new; and then the change can be made. */
  static void checkAfterRestart(Path root, Scenario scenario) throws IOException {
    PinCrashLab restarted = new PinCrashLab(root, scenario);
    Optional<Digest> found = restarted.pinned();
    boolean isNew = found.equals(Optional.ofNullable(restarted.after()));
    check(
        isNew || found.equals(Optional.ofNullable(restarted.before())),
        "neither old nor new: " + found);
    if (!isNew) {
      PinOutcome again = restarted.change();
      check(!(again instanceof PinOutcome.Refused), "no recovery: " + again);
    }
    check(
        new PinCrashLab(root, scenario).pinned().equals(Optional.ofNullable(restarted.after())),
        "the change does not last");
  }
}
