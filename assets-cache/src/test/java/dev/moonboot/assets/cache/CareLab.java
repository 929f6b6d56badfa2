package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CrashLab.CHANNEL;
import static dev.moonboot.assets.cache.CrashLab.inject;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * As {@link CrashLab}, for what a cache does of itself: sweeping, and finding and healing damage.
 *
 * <p>Arguments: {@code DIR LOG STEP} goes through every STEPth point and prints what it did.
 */
final class CareLab {
  /** What is under way when the fault comes. */
  enum Scenario {
    /** The oldest of four releases is deleted. */
    SWEEP,
    /** The head has a damaged file, which is found and fetched again. */
    HEAL
  }

  /** So few calls are all tried. */
  private static final int FEW = 30;

  private CareLab() {}

  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[0]);
    int step = Integer.parseInt(args[2]);
    for (Scenario scenario : Scenario.values()) {
      List<String> calls = calls(dir.resolve("log"), scenario, Path.of(args[1]));
      for (String mode : List.of("dead", "torn", "enospc", "eio")) {
        int points = 0;
        int stride = calls.size() < FEW ? 1 : step;
        for (int at = 1 + calls.size() % stride; at <= calls.size(); at += stride) {
          String call = calls.get(at - 1);
          if (!mode.equals("torn") || call.contains(" write ")) {
            points++;
            try {
              point(dir.resolve(scenario + "-" + mode + "-" + at), scenario, mode, at);
            } catch (IOException | RuntimeException | AssertionError e) {
              throw new AssertionError(scenario + " " + mode + " at " + call, e);
            }
          }
        }
        System.out.printf(
            "DONE %s %s points=%d of calls=%d%n", scenario, mode, points, calls.size());
      }
    }
  }

  private static List<String> calls(Path root, Scenario scenario, Path log) throws IOException {
    Files.deleteIfExists(log);
    Bench bench = new Bench(root, scenario);
    inject("log", 0);
    bench.work();
    inject("off", 0);
    bench.close();
    Disk.deleteTree(root);
    return Files.readAllLines(log);
  }

  private static void point(Path root, Scenario scenario, String mode, int at) throws IOException {
    Bench bench = new Bench(root, scenario);
    inject(mode, at);
    bench.work();
    inject("off", 0);
    if (mode.equals("enospc") || mode.equals("eio")) {
      bench.checkServes();
      bench.checkFinishes();
    }
    bench.close();
    bench.restart();
    bench.checkServes();
    bench.checkFinishes();
    bench.close();
    Disk.deleteTree(root);
  }

  /** Changes one byte of the largest file of a release, and nothing else of the file. */
  static void damage(Release release) throws IOException {
    damage(
        release.builds().values().stream()
            .flatMap(build -> build.assets().values().stream())
            .max(Comparator.comparingLong(Asset::size))
            .orElseThrow());
  }

  /** Changes one byte of a file, and nothing else of it. */
  static void damage(Asset asset) throws IOException {
    Path file = asset.file();
    FileTime time = Files.getLastModifiedTime(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'!'}), Files.size(file) / 2);
    }
    Files.setLastModifiedTime(file, time);
  }

  /** One cache in one directory. */
  private static final class Bench {
    private final Path root;
    private final Scenario scenario;
    private final CacheFixture fixture;
    private final List<Digest> newestFirst = new ArrayList<>();
    private AssetCache cache;

    Bench(Path root, Scenario scenario) throws IOException {
      this.root = root;
      this.scenario = scenario;
      this.fixture = new CacheFixture(root);
      cache = fixture.open();
      for (int i = 0; i < (scenario == Scenario.SWEEP ? 4 : 2); i++) {
        newestFirst.addFirst(CrashLab.push(fixture, "release " + i));
        CacheFixture.refresh(cache, CHANNEL);
      }
      if (scenario == Scenario.HEAL) {
        damage(cache.release(newestFirst.getFirst()).orElseThrow());
      }
    }

    /** What the fault comes into; it may fail as it likes. */
    void work() {
      try {
        switch (scenario) {
          case SWEEP -> {
            cache.sweep(false);
            passAnHour();
            cache.sweep(false);
          }
          case HEAL -> {
            cache.scrub(Progress.NONE);
            CacheFixture.refresh(cache, CHANNEL); // heals too, and waits for it
          }
        }
      } catch (CacheException e) {
        // it says that it is incomplete
      }
    }

    private void passAnHour() {
      fixture.nanos.addAndGet(Duration.ofHours(1).toNanos());
    }

    void restart() {
      Optional<Digest> served = Optional.of(newestFirst.get(scenario == Scenario.SWEEP ? 0 : 1));
      cache = Invariants.i6_starts(fixture::open, CHANNEL, served);
    }

    /** What is to stay is there and whole; what is damaged is not served once it was looked at. */
    void checkServes() throws IOException {
      cache.scrub(Progress.NONE);
      Invariants.i2_reachable(cache, CHANNEL);
      Invariants.i3_state(CacheFixture.state(root));
      Set<Digest> served = new TreeSet<>(Comparator.comparing(Digest::hex));
      cache.releases(CHANNEL).forEach(release -> served.add(release.digest()));
      List<Digest> must =
          scenario == Scenario.SWEEP ? newestFirst.subList(0, 3) : newestFirst.subList(1, 2);
      check(served.containsAll(must), "serves only " + served);
    }

    /** Tried again, it comes to its end. */
    void checkFinishes() throws IOException {
      CacheFixture.refresh(cache, CHANNEL);
      check(
          cache.head(CHANNEL).map(Release::digest).equals(Optional.of(newestFirst.getFirst())),
          "head is " + cache.head(CHANNEL));
      // What healing still works on when a sweep begins is needed, and waits for another hour.
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      for (int hour = 0; hour < 5 || !(isNothingLeft() || System.nanoTime() > end); hour++) {
        cache.sweep(false);
        passAnHour();
      }
      Invariants.check(root, cache, CHANNEL);
      List<Digest> expected = newestFirst.subList(0, Math.min(3, newestFirst.size()));
      check(
          cache.releases(CHANNEL).stream().map(Release::digest).toList().equals(expected),
          "serves " + cache.releases(CHANNEL));
      checkNothingLeft();
    }

    private void checkNothingLeft() throws IOException {
      check(isNothingLeft(), "on disk " + there() + " and needed " + needed());
    }

    private boolean isNothingLeft() throws IOException {
      return there().equals(needed());
    }

    private Set<String> needed() {
      Set<String> needed = new TreeSet<>();
      for (Release release : cache.releases(CHANNEL)) {
        release
            .builds()
            .values()
            .forEach(build ->
                build.assets().values().forEach(asset -> needed.add(asset.digest().hex())));
      }
      return needed;
    }

    private Set<String> there() throws IOException {
      Set<String> there = new TreeSet<>();
      try (var files = Files.list(root.resolve("blobs/sha256"))) {
        files.forEach(file -> there.add(file.getFileName().toString()));
      }
      return there;
    }

    void close() {
      cache.close();
    }

    private static void check(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(otherwise);
      }
    }
  }
}
