package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CrashLab.CHANNEL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.files.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged releases come back by themselves. */
class HealingTest {
  @TempDir Path root;
  private CacheFixture fixture;
  private Release old;
  private Release head;
  private final List<Damage> told = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void two_releases_are_held() {
    fixture = new CacheFixture(root);
    try (AssetCache cache = fixture.open()) {
      old = brought(cache, "old");
      head = brought(cache, "new");
    }
    fixture.registry.untag("demo"); // what is fetched from now on is fetched by digest
  }

  private Release brought(AssetCache cache, String seed) {
    CrashLab.push(fixture, seed);
    return assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL)).head();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "it did not come true within 30 s");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static List<Digest> digests(List<Release> releases) {
    return releases.stream().map(Release::digest).toList();
  }

  @Test
  void s_15_what_is_damaged_while_running_is_served_no_more_and_then_again() throws Exception {
    try (AssetCache cache = fixture.open()) {
      cache.watch(told::add);
      CareLab.damage(head);
      cache.scrub(Progress.NONE);
      await(() -> cache.release(head.digest()).isPresent());
      await(() -> told.getLast().releases().isEmpty());
      assertEquals(Set.of(head.digest()), told.get(told.size() - 2).releases());
      assertEquals(digests(List.of(head, old)), digests(cache.releases(CHANNEL)));
      Invariants.check(root, cache, CHANNEL);
    }
  }

  @Test
  void s_15_the_end_of_damage_is_told_where_what_comes_again_has_another_record() throws Exception {
    Asset record =
        head.asset(head.builds().keySet().iterator().next(), AssetName.RECORD).orElseThrow();
    try (AssetCache cache = fixture.open()) {
      cache.watch(told::add);
      CareLab.damage(record); // it says when it was fetched, and never comes again as it was
      cache.scrub(Progress.NONE);
      await(() -> cache.release(head.digest()).isPresent());
      await(() -> told.getLast().releases().isEmpty());
      assertEquals(Set.of(head.digest()), told.get(told.size() - 2).releases());
    }
  }

  @Test
  void s_15_what_was_damaged_while_stopped_is_found_and_healed_after_the_start() throws Exception {
    CareLab.damage(head); // its time of change says nothing
    try (AssetCache cache = fixture.open()) {
      cache.watch(told::add);
      await(() -> told.stream().anyMatch(d -> d.releases().equals(Set.of(head.digest()))));
      await(() -> cache.release(head.digest()).isPresent());
      Invariants.check(root, cache, CHANNEL);
    }
  }

  @Test
  void s_15_while_the_registry_is_away_the_release_before_serves_and_then_it_heals()
      throws Exception {
    fixture.registry.weather =
        (_, _) -> {
          throw new RegistryException(Reason.UNREACHABLE, "no route to the registry");
        };
    CareLab.damage(head);
    try (AssetCache cache = fixture.open()) {
      cache.scrub(Progress.NONE);
      assertEquals(Optional.empty(), cache.release(head.digest()));
      assertEquals(digests(List.of(old)), digests(cache.releases(CHANNEL)));
      fixture.registry.weather = (_, _) -> {};
      await(() -> digests(cache.releases(CHANNEL)).equals(digests(List.of(head, old))));
      Invariants.check(root, cache, CHANNEL);
    }
  }

  @Test
  void a_cache_closes_at_once_while_it_heals() throws Exception {
    CareLab.damage(head);
    fixture.registry.weather =
        (_, _) -> {
          throw new RegistryException(Reason.UNREACHABLE, "no route to the registry");
        };
    AssetCache cache = fixture.open();
    cache.scrub(Progress.NONE);
    long start = System.nanoTime();
    cache.close();
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos());
  }

  @Test
  void c_07_pulls_that_were_broken_off_and_are_not_wanted_any_more_make_room() throws Exception {
    long layer = CrashLab.LAYER;
    // one layer with what is made of it, and another that comes
    long quota = Disk.sizeOf(root) + layer * 32 / 10;
    try (AssetCache cache = fixture.open(new CacheLimits(0, quota, 0, fixture.nanos::get))) {
      fixture.registry.chunk = (int) layer / 16;
      fixture.registry.weather =
          (_, done) -> {
            if (done >= layer * 15 / 16) {
              throw new RegistryException(Reason.UNREACHABLE, "connection reset");
            }
          };
      for (String moved : List.of("third", "fourth", "fifth", "sixth")) {
        CrashLab.push(fixture, moved);
        assertInstanceOf(Failed.class, CacheFixture.refresh(cache, CHANNEL));
      }
      fixture.registry.weather = (_, _) -> {};
      CrashLab.push(fixture, "seventh");
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
      Invariants.check(root, cache, CHANNEL);
    }
  }

  @Test
  void c_07_over_the_quota_nothing_is_fetched_nothing_needed_goes_and_room_lets_it_go_on()
      throws Exception {
    CrashLab.push(fixture, "third");
    CacheLimits limits = new CacheLimits(0, 300 << 10, 0, fixture.nanos::get);
    try (AssetCache cache = fixture.open(limits)) {
      var failed = assertInstanceOf(Failed.class, CacheFixture.refresh(cache, CHANNEL));
      assertEquals(Trouble.NO_SPACE, failed.trouble());
      assertTrue(failed.why().contains("(cache-quota)"), failed.why());
      assertEquals(digests(List.of(head, old)), digests(cache.releases(CHANNEL)));
      Invariants.check(root, cache, CHANNEL);
    }
    try (AssetCache cache = fixture.open(limits.withQuota(10 << 20))) {
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
    }
  }
}
