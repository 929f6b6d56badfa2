package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.files.Disk;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs in a JVM of its own under the fault injector {@code crashat.c}: lets a refresh fail at every
 * single call that changes a file, and checks after each what a new start makes of it.
 *
 * <p>Arguments: {@code all DIR LOG STEP} goes through every STEPth point and all that concern the
 * state, and prints what it did; {@code pull DIR SCENARIO} is one refresh, to be killed; {@code
 * hold DIR} keeps a cache open and {@code follow DIR} goes on pulling until the input ends; so does
 * {@code care DIR}, and damages, finds, heals and sweeps as well.
 */
final class CrashLab {
  static final Channel CHANNEL = CacheFixture.channel("custom", "demo", AMD64, ARM64);
  static final int LAYER = 64 << 10;
  private static final int CHUNK = 16 << 10; // so that a layer takes a few writes

  /** What is under way when the fault comes. */
  enum Scenario {
    FIRST_PULL,
    /** The head and what it replaced change in one write. */
    UPDATE,
    /** The release is fetched, accepted, and then the tag goes back to it. */
    GO_BACK,
    /** Many files of an image, which are synced side by side. */
    FILES;

    private Channel channel() {
      return this == FILES
          ? new Channel(CHANNEL.name(), CHANNEL.image(), CHANNEL.arches(), Content.LOADERS)
          : CHANNEL;
    }

    private List<String> before() {
      return switch (this) {
        case FIRST_PULL -> List.of();
        case FILES -> List.of("old");
        case UPDATE -> List.of("older", "old");
        case GO_BACK -> List.of("new", "old");
      };
    }
  }

  private CrashLab() {}

  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[1]);
    switch (args[0]) {
      case "hold" -> hold(dir);
      case "follow" -> follow(dir);
      case "care" -> care(dir);
      case "pull" -> pullOnce(dir, Scenario.valueOf(args[2]));
      default -> all(dir, Path.of(args[2]), Integer.parseInt(args[3]));
    }
  }

  private static void hold(Path dir) throws IOException {
    try (AssetCache _ = new CacheFixture(dir).open()) {
      System.out.println("OPEN");
      readToTheEnd();
    }
  }

  private static void readToTheEnd() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pulls one release after the other and prints the digest of each once it is acknowledged. */
  private static void follow(Path dir) throws IOException {
    CacheFixture fixture = new CacheFixture(dir);
    try (AssetCache cache = fixture.open()) {
      Thread input = Thread.ofVirtual().start(CrashLab::readToTheEnd);
      for (int i = 0; input.isAlive(); i++) {
        Digest digest = push(fixture, "release " + i);
        fixture.nanos.addAndGet(Duration.ofHours(1).toNanos()); // so that old ones are swept
        Refresh outcome = CacheFixture.refresh(cache, CHANNEL);
        if (!(outcome instanceof Updated)) {
          throw new AssertionError(outcome);
        }
        System.out.println(digest);
      }
    }
  }

  private static void care(Path dir) throws IOException {
    CacheFixture fixture = new CacheFixture(dir);
    try (AssetCache cache = fixture.open()) {
      Thread input = Thread.ofVirtual().start(CrashLab::readToTheEnd);
      for (int i = 0; input.isAlive(); i++) {
        Digest digest = push(fixture, "release " + i);
        CacheFixture.refresh(cache, CHANNEL);
        fixture.nanos.addAndGet(Duration.ofHours(1).toNanos());
        cache.sweep(false);
        CareLab.damage(cache.release(digest).orElseThrow());
        cache.scrub(Progress.NONE);
        Refresh healed = CacheFixture.refresh(cache, CHANNEL);
        if (!(healed instanceof Updated) && !(healed instanceof Unchanged)) {
          throw new AssertionError(healed);
        }
        System.out.println(digest);
      }
    }
  }

  private static void pullOnce(Path dir, Scenario scenario) throws IOException {
    inject("off", 0);
    Bench bench = new Bench(dir, scenario, false);
    inject(System.getenv("CRASH_MODE"), Long.parseLong(System.getenv("CRASH_AT")));
    Optional<Refresh> outcome = bench.refreshUnderFault();
    inject("off", 0);
    System.out.println("SURVIVED " + outcome);
    bench.close();
  }

  private static void all(Path dir, Path log, int step) throws IOException {
    for (Scenario scenario : Scenario.values()) {
      List<String> calls = calls(dir.resolve("log"), scenario, log);
      for (String mode : List.of("dead", "torn", "enospc", "eio")) {
        int points = 0;
        long start = System.nanoTime();
        for (int at = 1; at <= calls.size(); at++) {
          String call = calls.get(at - 1);
          boolean chosen = at % step == 0 || call.contains("/state/");
          if (chosen && (!mode.equals("torn") || call.contains(" write "))) {
            points++;
            Path root = dir.resolve(scenario + "-" + mode + "-" + at);
            try {
              point(root, scenario, mode, at, call);
            } catch (IOException | RuntimeException | AssertionError e) {
              throw new AssertionError(scenario + " " + mode + " at " + call, e);
            }
            Disk.deleteTree(root);
          }
        }
        System.out.printf(
            "DONE %s %s points=%d of calls=%d ms=%d%n",
            scenario, mode, points, calls.size(), (System.nanoTime() - start) / 1_000_000);
      }
    }
  }

  /** See {@code crashat.c}. */
  static void inject(String mode, long at) {
    if (new File("/crashat/" + mode + "/" + at).mkdir()) {
      throw new AssertionError("the fault injector is not loaded");
    }
  }

  static Digest push(CacheFixture fixture, String seed) {
    MemoryRegistry registry = fixture.registry;
    var images = new TreeMap<Arch, Digest>();
    for (var arch : List.of(AMD64, ARM64)) {
      images.put(arch, registry.image(arch, MemoryRegistry.layer(arch.id() + seed, LAYER)));
    }
    Digest index = registry.index(seed, images);
    registry.tag("demo", index);
    return index;
  }

  private static List<String> calls(Path root, Scenario scenario, Path log) throws IOException {
    Files.deleteIfExists(log);
    Bench bench = new Bench(root, scenario, false);
    inject("log", 0);
    bench.refreshUnderFault();
    inject("off", 0);
    bench.close();
    Disk.deleteTree(root);
    return Files.readAllLines(log);
  }

  private static void point(Path root, Scenario scenario, String mode, int at, String call)
      throws IOException {
    Bench bench = new Bench(root, scenario, false);
    inject(mode, at);
    Optional<Refresh> outcome = bench.refreshUnderFault();
    inject("off", 0);
    if (mode.equals("enospc") || mode.equals("eio")) {
      bench.checkGoesOn(outcome.orElseThrow(), mode, call);
    }
    bench.close();
    bench.checkAfterRestart(true);
  }

  /** One cache in one directory, with what was there before and what is being pulled. */
  static final class Bench {
    private final Path root;
    private final Scenario scenario;
    private final Channel channel;
    private final CacheFixture fixture;
    private final Optional<Digest> before;
    private final Digest target;
    private @Nullable AssetCache cache;

    /**
     * @param begun whether another process was at work here already
     */
    Bench(Path root, Scenario scenario, boolean begun) throws IOException {
      this.root = root;
      this.scenario = scenario;
      this.channel = scenario.channel();
      fixture = new CacheFixture(root);
      fixture.registry.chunk = CHUNK;
      Optional<Digest> last = Optional.empty();
      for (String seed : scenario.before()) {
        last = Optional.of(push(fixture, seed));
        if (!begun) {
          try (AssetCache first = fixture.open()) {
            check(CacheFixture.refresh(first, channel) instanceof Updated, seed + " failed");
          }
        }
      }
      before = last;
      target = push(fixture, "new");
      if (scenario == Scenario.GO_BACK && !begun) {
        Files.delete(root.resolve("releases/" + target.fileName() + ".json")); // swept since
      }
      fixture.registry.bytesOut.set(0);
    }

    /** The outcome; empty where not even the cache could be opened. */
    Optional<Refresh> refreshUnderFault() {
      try {
        AssetCache opened = fixture.open();
        cache = opened;
        fixture.nanos.addAndGet(Duration.ofHours(1).toNanos()); // so that there is a sweep
        return Optional.of(work(opened));
      } catch (CacheException e) {
        return cache == null && before.isEmpty()
            ? Optional.of(new Failed(Trouble.READ_ONLY, String.valueOf(e), null))
            : Optional.empty();
      }
    }

    private Refresh work(AssetCache opened) {
      if (scenario == Scenario.GO_BACK) {
        if (opened.fetch(channel, target, Progress.NONE)
            instanceof Fetched.Failed(var trouble, var why, var retryAfter)) {
          return new Failed(trouble, why, retryAfter);
        }
        try {
          opened.accept(channel, target);
        } catch (CacheException e) {
          // so the refresh holds it
        }
      }
      return CacheFixture.refresh(opened, channel);
    }

    void close() {
      if (cache != null) {
        cache.close();
      }
      cache = null;
    }

    /** The process lives on: it says what was wrong, serves what it served, and recovers. */
    void checkGoesOn(Refresh outcome, String mode, String call) throws IOException {
      if (outcome instanceof Failed failed) {
        Trouble expected = mode.equals("enospc") ? Trouble.NO_SPACE : Trouble.READ_ONLY;
        check(cache == null || failed.trouble() == expected, "wrong trouble: " + failed);
      }
      if (cache == null) {
        return; // not even opened, and with a message
      }
      long fetched = fixture.registry.bytesOut.getAndSet(0);
      CacheFixture.assertWhole(root, cache, channel);
      Refresh again = work(cache);
      check(again instanceof Updated || again instanceof Unchanged, "no recovery: " + again);
      checkHead(cache, Optional.of(target));
      CacheFixture.assertWhole(root, cache, channel);
      boolean blobSync = call.contains(" fsync ") && call.contains("/work/");
      if (blobSync && outcome instanceof Failed) {
        check(
            fixture.registry.bytesOut.get() == 2L * LAYER,
            "after a failed fsync only " + fixture.registry.bytesOut + " bytes came anew");
      }
      fixture.registry.bytesOut.set(fetched);
    }

    /**
     * @param within whether this process did the work before, so that its counters are right
     */
    void checkAfterRestart(boolean within) throws IOException {
      long start = System.nanoTime();
      try (AssetCache reopened = fixture.open()) {
        check(System.nanoTime() - start < 5_000_000_000L, "slow start");
        Optional<Digest> head = reopened.head(channel).map(Release::digest);
        check(
            head.equals(before) || head.equals(Optional.of(target)),
            "neither the old nor the new head: " + head);
        CacheFixture.assertWhole(root, reopened, channel);
        checkHistory(reopened, head);
        Refresh outcome = work(reopened);
        check(outcome instanceof Updated || outcome instanceof Unchanged, outcome.toString());
        checkHead(reopened, Optional.of(target));
        CacheFixture.assertWhole(root, reopened, channel);
        check(
            !within || fixture.registry.bytesOut.get() <= 2L * LAYER + CHUNK,
            "fetched " + fixture.registry.bytesOut + " bytes in all");
      }
      try (AssetCache last = fixture.open()) {
        checkHead(last, Optional.of(target));
        checkHistory(last, Optional.of(target));
        if (before.isPresent()) {
          fixture.registry.tag("demo", before.get());
          Refresh back = CacheFixture.refresh(last, channel);
          check(back instanceof Refresh.Held, "it forgot what was replaced: " + back);
        }
      }
    }

    /** Head and marks change together. */
    private void checkHistory(AssetCache opened, Optional<Digest> head) {
      List<Digest> history = opened.history(channel).stream().map(Head::release).toList();
      check(
          history.stream().findFirst().equals(head)
              && before.map(history::contains).orElse(true)
              && opened.recoveries().isEmpty(),
          "head " + head + " with the history " + history + " and " + opened.recoveries());
    }

    private void checkHead(AssetCache cache, Optional<Digest> expected) {
      var head = cache.head(channel).map(Release::digest);
      check(head.equals(expected), "head is " + head);
    }

    private static void check(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(otherwise);
      }
    }
  }
}
