package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that a cache does at once, with delays in between; for as many seconds as {@code
 * -Dmoonboot.stress.seconds} says.
 */
class CareStressTest {
  private static final List<Channel> CHANNELS =
      List.of(
          CacheFixture.channel("custom", "demo", AMD64, ARM64),
          CacheFixture.channel("stable", "old", ARM64));

  @TempDir(factory = MemoryDirectory.class)
  Path root;

  private final long end =
      System.nanoTime()
          + Duration.ofSeconds(Integer.getInteger("moonboot.stress.seconds", 3)).toNanos();
  private final AtomicLong passed = new AtomicLong();

  private boolean goesOn() {
    return System.nanoTime() < end;
  }

  private static void delay(Random random) {
    LockSupport.parkNanos(random.nextInt(2_000_000));
  }

  @Test
  void c_11_refreshes_sweeps_and_scrubs_at_once_delete_nothing_that_is_used() throws Exception {
    long seed = System.nanoTime();
    System.out.println("stress with seed " + seed);
    CacheFixture fixture = new CacheFixture(root);
    Random clockDelay = new Random(seed);
    CacheLimits limits =
        new CacheLimits(
            0,
            CacheLimits.UNLIMITED,
            0,
            () -> { // asked within sweeps and ingests
              delay(clockDelay);
              return passed.get();
            });
    try (AssetCache cache = fixture.open(limits);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < CHANNELS.size(); i++) {
        Random random = new Random(seed + i);
        Channel channel = CHANNELS.get(i);
        running.add(threads.submit(() -> follow(fixture, cache, channel, random)));
        running.add(threads.submit(() -> read(cache, channel, random)));
      }
      running.add(threads.submit(repeat(new Random(seed - 1), () -> sweep(cache))));
      running.add(threads.submit(repeat(new Random(seed - 2), () -> cache.scrub(Progress.NONE))));
      List<Integer> rounds = new ArrayList<>();
      for (Future<Integer> one : running) {
        rounds.add(one.get(120, TimeUnit.SECONDS)); // later than that is a deadlock
      }
      System.out.println("rounds of each: " + rounds);
      sweep(cache);
      sweep(cache);
      for (Channel channel : CHANNELS) {
        Invariants.check(root, cache, channel);
        assertEquals(3, cache.releases(channel).size());
      }
    }
  }

  private Callable<Integer> repeat(Random random, Runnable action) {
    return () -> {
      int rounds = 0;
      for (; goesOn(); rounds++) {
        action.run();
        delay(random);
      }
      return rounds;
    };
  }

  private void sweep(AssetCache cache) {
    passed.addAndGet(Duration.ofHours(1).toNanos());
    cache.sweep(false);
  }

  /** Now and then goes on with the image of the other channel, so that files are shared. */
  private int follow(CacheFixture fixture, AssetCache cache, Channel channel, Random random) {
    int round = 0;
    for (; goesOn() || round < 4; round++) {
      String of = random.nextInt(3) == 0 ? "both" : channel.name();
      String tag = String.valueOf(channel.image().tag());
      fixture.registry.push(tag, of + round, channel.arches().toArray(new Arch[0]));
      Refresh outcome = CacheFixture.refresh(cache, channel);
      assertTrue(outcome instanceof Updated || outcome instanceof Unchanged, outcome.toString());
      delay(random);
    }
    return round;
  }

  /** Head and two before it can be read whole at any time. */
  private int read(AssetCache cache, Channel channel, Random random) throws IOException {
    int rounds = 0;
    for (; goesOn(); rounds++) {
      List<Release> kept = cache.releases(channel).stream().limit(3).toList();
      for (Release release : kept) {
        for (var build : release.builds().values()) {
          for (Asset asset : build.assets().values()) {
            read(cache, channel, release, asset);
          }
        }
      }
      delay(random);
    }
    return rounds;
  }

  private static void read(AssetCache cache, Channel channel, Release of, Asset asset)
      throws IOException {
    try {
      assertEquals(asset.digest(), Digest.of(Files.readAllBytes(asset.file())));
    } catch (NoSuchFileException e) {
      boolean kept = cache.releases(channel).stream().limit(3).anyMatch(of::equals);
      assertTrue(!kept, asset + " is gone, and needed");
    }
  }
}
