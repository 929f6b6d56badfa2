package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.assets.cache.CacheFixture.channel;
import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases that are wanted by name, whatever the channel's tag says. */
class FetchTest {
  private static final Channel DEMO = channel("custom", "demo", ARM64);

  @TempDir Path root;
  private CacheFixture fixture;
  private MemoryRegistry registry;
  private AssetCache cache;

  @BeforeEach
  void open() {
    fixture = new CacheFixture(root);
    registry = fixture.registry;
    cache = fixture.open();
  }

  @AfterEach
  void close() throws IOException {
    CacheFixture.assertWhole(root, cache, DEMO);
    cache.close();
  }

  private Release fetched(Digest digest) {
    Fetched outcome = cache.fetch(DEMO, digest, Progress.NONE);
    Release release = assertInstanceOf(Fetched.Held.class, outcome, outcome.toString()).release();
    assertEquals(digest, release.digest());
    return release;
  }

  private Optional<Digest> head() {
    return cache.head(DEMO).map(Release::digest);
  }

  @Test
  void brings_a_release_by_its_digest_and_moves_no_head() {
    Digest head = registry.push("demo", "one", ARM64);
    assertInstanceOf(Updated.class, refresh(cache, DEMO));
    Digest wanted = registry.push("v1.13.6", "two", ARM64);
    Release release = fetched(wanted);
    assertEquals(Optional.of(head), head());
    assertEquals(1, cache.history(DEMO).size());
    assertEquals(1, cache.releases(DEMO).size());
    assertEquals(Optional.of(release), cache.release(wanted));
    assertEquals("registry.example/acme/talos:demo@" + wanted, release.source());
    cache.close();
    cache = fixture.open();
    assertEquals(Optional.of(release), cache.release(wanted));
    assertEquals(Optional.of(head), head());
  }

  @Test
  void brings_what_a_tag_names_now() {
    Digest wanted = registry.push("v1.13.6", "two", ARM64);
    Fetched outcome = cache.fetch(DEMO, "v1.13.6", Progress.NONE);
    Release release = assertInstanceOf(Fetched.Held.class, outcome).release();
    assertEquals(wanted, release.digest());
    assertEquals("v1.13.6", release.version());
    assertEquals(Optional.empty(), head());
    Fetched.Failed missing =
        assertInstanceOf(Fetched.Failed.class, cache.fetch(DEMO, "v9", Progress.NONE));
    assertEquals(Trouble.TAG_MISSING, missing.trouble());
  }

  @Test
  void what_is_held_needs_no_registry() {
    Digest one = registry.push("demo", "one", ARM64);
    refresh(cache, DEMO);
    registry.push("demo", "two", ARM64);
    refresh(cache, DEMO);
    int resolves = registry.resolves.get();
    int reads = registry.manifestReads.get();
    fetched(one); // superseded, which is no hindrance here
    assertEquals(resolves, registry.resolves.get());
    assertEquals(reads, registry.manifestReads.get());
  }

  @Test
  void c_14_c_20_what_is_taken_while_a_sweep_finds_out_what_is_needed_is_not_deleted() {
    Digest wanted = registry.push("v1.13.6", "two", ARM64);
    fetched(wanted);
    cache.sweep(false);
    fixture.nanos.addAndGet(Duration.ofHours(1).toNanos());
    Roots before = new Roots(Set.of("custom"), Set.of(), Set.of());
    cache.roots(() -> {
      assertEquals(wanted, cache.take(wanted).orElseThrow().digest()); // and is pinned now
      return before;
    });
    cache.sweep(false);
    assertEquals(Optional.of(wanted), cache.release(wanted).map(Release::digest));
  }

  @Test
  void what_was_deleted_takes_no_memory() {
    Digest wanted = registry.push("v1.13.6", "two", ARM64);
    WeakReference<Release> release = new WeakReference<>(fetched(wanted));
    assertEquals(Optional.empty(), cache.revoked(wanted)); // for which the policy is asked
    for (int i = 0; i < 2; i++) {
      cache.sweep(false);
      fixture.nanos.addAndGet(Duration.ofHours(1).toNanos());
    }
    assertEquals(Optional.empty(), cache.release(wanted));
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!release.refersTo(null)) {
      assertTrue(System.nanoTime() < end, "it is still known");
      System.gc();
    }
  }

  @Test
  void a_tag_that_moves_to_what_was_fetched_finds_it_here() {
    Digest wanted = registry.push("v1.13.6", "two", ARM64);
    fetched(wanted);
    registry.tag("demo", wanted);
    Updated updated = assertInstanceOf(Updated.class, refresh(cache, DEMO));
    assertEquals(wanted, updated.head().digest());
    assertEquals(0, updated.downloaded());
  }

  @Test
  void the_policy_is_asked_under_the_channels_name() {
    ToyPolicy.Signatures signatures = new ToyPolicy.Signatures();
    cache.policy(ToyPolicy.trusting(signatures, "alice"));
    Digest wanted = registry.push("v1.13.6", "two", ARM64);
    assertEquals(
        new Fetched.Refused(
            Grounds.SIGNATURE, "registry.example/acme/talos:demo@" + wanted + ": nobody signed it"),
        cache.fetch(DEMO, wanted, Progress.NONE));
    assertEquals(0, registry.layerDownloads());
    signatures.sign(wanted, "alice");
    cache.policy(ToyPolicy.trusting(signatures, "alice"));
    fetched(wanted);
  }

  @Test
  void every_arch_of_the_channel_must_be_there() {
    Digest half = registry.push("half", "one", AMD64);
    Fetched.Refused refused =
        assertInstanceOf(Fetched.Refused.class, cache.fetch(DEMO, half, Progress.NONE));
    assertEquals(Grounds.CONTENT, refused.grounds());
  }

  @Test
  void a_cut_fetch_goes_on_where_it_ended() {
    Digest wanted = registry.push("v1", "two", ARM64);
    registry.weather =
        (_, done) -> {
          if (done >= 128 << 10) {
            throw new RegistryException(Reason.UNREACHABLE, "connection reset");
          }
        };
    assertEquals(
        Trouble.UNREACHABLE,
        assertInstanceOf(Fetched.Failed.class, cache.fetch(DEMO, wanted, Progress.NONE)).trouble());
    registry.weather = (_, _) -> {};
    fetched(wanted);
    assertEquals(200_000, registry.bytesOut.get());
  }

  @Test
  void r_20_fetches_and_refreshes_of_one_image_cause_one_pull() throws Exception {
    Digest wanted = registry.push("demo", "one", ARM64);
    CountDownLatch asked = new CountDownLatch(3);
    registry.weather =
        (_, _) -> {
          try {
            assertTrue(asked.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Fetched>> fetches = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        fetches.add(
            threads.submit(() -> {
              asked.countDown();
              return cache.fetch(DEMO, wanted, Progress.NONE);
            }));
      }
      Future<Refresh> refresh =
          threads.submit(() -> {
            asked.countDown();
            return refresh(cache, DEMO);
          });
      for (Future<Fetched> fetch : fetches) {
        assertInstanceOf(Fetched.Held.class, fetch.get());
      }
      assertInstanceOf(Updated.class, refresh.get());
    }
    assertEquals(1, registry.layerDownloads());
  }

  @Test
  void what_was_fetched_survives_the_next_sweeps_even_where_it_was_unneeded_for_long() {
    Digest wanted = registry.push("v1", "two", ARM64);
    registry.push("demo", "one", ARM64);
    fetched(wanted);
    for (int sweep = 0; sweep < 3; sweep++) {
      assertEquals(List.of(), cache.sweep(false).deleted());
      fixture.nanos.addAndGet(Duration.ofMinutes(59).toNanos());
      fetched(wanted);
    }
    cache.sweep(false);
    fixture.nanos.addAndGet(Duration.ofMinutes(30).toNanos());
    assertEquals(List.of(), cache.sweep(false).deleted());
    fixture.nanos.addAndGet(Duration.ofMinutes(31).toNanos());
    assertEquals(1, cache.sweep(false).deleted().size());
  }
}
