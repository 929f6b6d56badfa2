package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.assets.cache.CacheFixture.assertWhole;
import static dev.moonboot.assets.cache.CacheFixture.channel;
import static dev.moonboot.assets.cache.CacheFixture.everything;
import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssetCacheTest {
  private static final Channel DEMO = channel("custom", "demo", AMD64, ARM64);

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
    assertWhole(root, cache, DEMO);
    cache.close();
  }

  private void reopen() {
    cache.close();
    cache = fixture.open();
  }

  private static Updated updated(Refresh refresh) {
    return assertInstanceOf(Updated.class, refresh);
  }

  private static Trouble trouble(Refresh refresh) {
    return assertInstanceOf(Failed.class, refresh).trouble();
  }

  private static Asset asset(Release release, Arch arch, AssetName name) {
    return release.asset(arch, name).orElseThrow();
  }

  private int ingests() {
    String[] names = root.resolve("ingest").toFile().list();
    return names == null ? -1 : names.length;
  }

  private void pass(Duration time) {
    fixture.nanos.addAndGet(time.toNanos());
  }

  @Test
  void brings_the_first_release_of_every_arch_fetching_only_the_layers_it_needs()
      throws IOException {
    Digest image = registry.push("demo", "one", AMD64, ARM64);
    Updated outcome = updated(refresh(cache, DEMO));
    Release release = outcome.head();
    assertEquals(image, release.digest());
    assertEquals("registry.example/acme/talos:demo", release.source());
    assertEquals(400_000, outcome.downloaded());
    assertEquals(2, registry.layerDownloads());
    assertEquals(Optional.of(release), cache.head(DEMO));
    byte[] layer = MemoryRegistry.layer("arm64 one", 200_000);
    assertEquals(
        new String(layer, 0, 50_000, UTF_8),
        Files.readString(asset(release, ARM64, AssetName.VMLINUZ).file()));
    assertEquals(150_000, asset(release, ARM64, AssetName.INITRAMFS).size());
    assertEquals(0, ingests());
  }

  @Test
  void writes_down_where_the_files_came_from() throws IOException {
    Digest image = registry.push("v1.13.6", "one", ARM64);
    Channel channel = channel("custom", "v1.13.6", ARM64);
    Release release = updated(refresh(cache, channel)).head();
    var build = Optional.ofNullable(release.builds().get(ARM64)).orElseThrow();
    assertEquals("v1.13.6", release.version());
    String expected =
        """
        {
          "sourceImage": "registry.example/acme/talos:v1.13.6",
          "sourceDigest": "%s",
          "manifest": "%s",
          "layers": [
            "%s",
            "%s"
          ],
          "created": "%s",
          "arch": "arm64",
          "content": "boot",
          "layout": "toy",
          "talosVersion": "v1.13.6",
          "kernelRelease": "6.1-toy",
          "extensions": [
            "hello v1"
          ],
          "assets": {
            "vmlinuz": {
              "size": 50000,
              "sha256": "%s",
              "origin": "layer"
            },
            "initramfs.xz": {
              "size": 150000,
              "sha256": "%s",
              "origin": "layer"
            },
            "cmdline": {
              "size": 13,
              "sha256": "%s",
              "origin": "layer"
            }
          }
        }
        """
            .formatted(
                image,
                build.manifest(),
                Digest.of(MemoryRegistry.layer("base", 10_000)),
                Digest.of(MemoryRegistry.layer("arm64 one", 200_000)),
                release.created(),
                asset(release, ARM64, AssetName.VMLINUZ).digest().hex(),
                asset(release, ARM64, AssetName.INITRAMFS).digest().hex(),
                asset(release, ARM64, AssetName.CMDLINE).digest().hex());
    assertEquals(expected, Files.readString(asset(release, ARM64, AssetName.RECORD).file()));
  }

  @Test
  void r_26_an_unchanged_tag_costs_a_resolve_and_not_one_write() throws IOException {
    registry.push("demo", "one", AMD64, ARM64);
    Release head = updated(refresh(cache, DEMO)).head();
    int resolves = registry.resolves.get();
    int reads = registry.manifestReads.get();
    int downloads = registry.layerDownloads();
    var before = everything(root);
    for (int i = 0; i < 100; i++) {
      assertEquals(new Unchanged(head), refresh(cache, DEMO));
    }
    assertEquals(before, everything(root));
    assertEquals(resolves + 100, registry.resolves.get());
    assertEquals(reads, registry.manifestReads.get());
    assertEquals(downloads, registry.layerDownloads());
  }

  @Test
  void a_moved_tag_makes_a_new_head_and_the_old_release_stays_reachable() {
    Digest one = registry.push("demo", "one", AMD64, ARM64);
    Release before = updated(refresh(cache, DEMO)).head();
    registry.push("demo", "two", AMD64, ARM64);
    Updated outcome = updated(refresh(cache, DEMO));
    assertEquals(one, outcome.previous());
    assertEquals(List.of(outcome.head(), before), cache.releases(DEMO));
    assertEquals(Optional.of(before), cache.release(one));
    reopen();
    assertEquals(List.of(outcome.head(), before), cache.releases(DEMO));
  }

  @Test
  void r_21_an_index_pushed_again_with_the_same_platforms_downloads_nothing() throws IOException {
    Map<Arch, Digest> images =
        Map.of(
            AMD64, registry.image(AMD64, MemoryRegistry.layer("amd64", 100_000)),
            ARM64, registry.image(ARM64, MemoryRegistry.layer("arm64", 100_000)));
    registry.tag("demo", registry.index("first", images));
    Release first = updated(refresh(cache, DEMO)).head();
    Digest again = registry.index("with other attestations", images);
    registry.tag("demo", again);
    Updated outcome = updated(refresh(cache, DEMO));
    assertEquals(0, outcome.downloaded());
    assertEquals(2, registry.layerDownloads());
    assertEquals(again, outcome.head().digest());
    for (Arch arch : Arch.values()) {
      for (AssetName name : List.of(AssetName.VMLINUZ, AssetName.INITRAMFS, AssetName.CMDLINE)) {
        assertEquals(asset(first, arch, name), asset(outcome.head(), arch, name));
      }
      Asset record = asset(outcome.head(), arch, AssetName.RECORD);
      assertNotEquals(asset(first, arch, AssetName.RECORD), record);
      var text = assertInstanceOf(Json.Obj.class, JsonText.parse(Files.readString(record.file())));
      assertEquals(Optional.of(again.toString()), text.text("sourceDigest"));
      assertEquals(Optional.of("toy"), text.text("layout"));
    }
  }

  @Test
  void r_21_two_channels_with_the_same_layers_fetch_each_once() throws Exception {
    Digest image = registry.image(ARM64, MemoryRegistry.layer("arm64", 100_000));
    registry.tag("one", registry.index("one", Map.of(ARM64, image)));
    registry.tag("two", registry.index("two", Map.of(ARM64, image)));
    registry.tag("three", registry.index("two", Map.of(ARM64, image)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Refresh>> refreshes = new ArrayList<>();
      for (String tag : List.of("one", "two", "three")) {
        refreshes.add(threads.submit(() -> refresh(cache, channel(tag, tag, ARM64))));
      }
      for (Future<Refresh> refresh : refreshes) {
        updated(refresh.get());
      }
    }
    assertEquals(1, registry.layerDownloads());
  }

  @Test
  void r_20_a_hundred_who_ask_at_once_cause_one_pull_and_get_the_same_outcome() throws Exception {
    registry.push("demo", "one", AMD64, ARM64);
    CountDownLatch asked = new CountDownLatch(100);
    registry.weather =
        (_, _) -> {
          try {
            assertTrue(asked.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    IdentityHashMap<Refresh, Integer> outcomes = new IdentityHashMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Refresh>> callers = new ArrayList<>();
      Callable<Refresh> caller =
          () -> {
            asked.countDown();
            return refresh(cache, DEMO);
          };
      for (int i = 0; i < 100; i++) {
        callers.add(threads.submit(caller));
      }
      for (Future<Refresh> one : callers) {
        outcomes.merge(one.get(), 1, Integer::sum);
      }
    }
    assertEquals(2, registry.layerDownloads());
    // A caller that comes just after the pull looks for itself; it pulls nothing.
    for (Refresh outcome : outcomes.keySet()) {
      assertTrue(outcome instanceof Updated || outcome instanceof Unchanged, outcome.toString());
    }
    assertEquals(1, outcomes.keySet().stream().filter(Updated.class::isInstance).count());
  }

  @Test
  void r_18_a_deleted_tag_changes_nothing_that_is_served() {
    registry.push("demo", "one", AMD64, ARM64);
    Release head = updated(refresh(cache, DEMO)).head();
    registry.untag("demo");
    for (int i = 0; i < 4; i++) {
      assertEquals(Trouble.TAG_MISSING, trouble(refresh(cache, DEMO)));
      pass(Duration.ofHours(24));
    }
    assertEquals(Optional.of(head), cache.head(DEMO));
    reopen();
    assertEquals(Optional.of(head), cache.head(DEMO));
  }

  @Test
  void r_25_a_tag_that_flaps_switches_the_head_once_a_look_and_does_not_take_it_back() {
    Digest a = registry.push("demo", "a", AMD64, ARM64);
    updated(refresh(cache, DEMO));
    Digest b = registry.push("demo", "b", AMD64, ARM64);
    // While b is being fetched the tag goes back: this look still ends with b, whole.
    registry.weather = (_, _) -> registry.tag("demo", a);
    assertEquals(b, updated(refresh(cache, DEMO)).head().digest());
    for (int i = 0; i < 2; i++) {
      Held back = assertInstanceOf(Held.class, refresh(cache, DEMO));
      assertEquals(a, back.digest());
      assertEquals(Caution.ROLLBACK, back.caution());
    }
    assertEquals(Optional.of(b), cache.head(DEMO).map(Release::digest));
    assertEquals(4, registry.layerDownloads());
    assertEquals(2, cache.releases(DEMO).size());
  }

  @Test
  void a_missing_arch_keeps_the_old_release_for_all() {
    registry.push("demo", "one", AMD64, ARM64);
    Release head = updated(refresh(cache, DEMO)).head();
    Digest half = registry.push("demo", "two", AMD64);
    Rejected outcome = assertInstanceOf(Rejected.class, refresh(cache, DEMO));
    assertEquals(half, outcome.digest());
    assertEquals(
        "registry.example/acme/talos:demo: the index lists only amd64; publish arm64 or leave it"
            + " out of the architectures asked for",
        outcome.why());
    assertEquals(Optional.of(head), cache.head(DEMO));
    assertEquals(2, registry.layerDownloads());
  }

  @Test
  void an_arch_that_a_channel_asks_for_later_joins_the_release() {
    registry.push("demo", "one", AMD64, ARM64);
    updated(refresh(cache, channel("custom", "demo", AMD64)));
    Release both = updated(refresh(cache, DEMO)).head();
    assertEquals(Set.of(AMD64, ARM64), both.builds().keySet());
    assertEquals(2, registry.layerDownloads());
    assertEquals(List.of(both), cache.releases(DEMO));
  }

  @Test
  void content_that_will_not_do_is_not_fetched_again_for_a_while() throws IOException {
    registry.push("demo", "one", AMD64, ARM64);
    Release head = updated(refresh(cache, DEMO)).head();
    Digest bad = registry.image(ARM64, MemoryRegistry.layer("BAD", 100_000));
    registry.tag("demo", bad);
    Channel arm = channel("custom", "demo", ARM64);
    var expected =
        new Rejected(
            bad, Refresh.Grounds.CONTENT, "registry.example/acme/talos:demo: the layer is bad");
    int[] minutes = {15, 30, 60, 120, 240, 360, 360};
    for (int round = 0; round < minutes.length; round++) {
      assertEquals(expected, refresh(cache, arm));
      pass(Duration.ofMinutes(minutes[round]).minusNanos(1));
      assertEquals(expected, refresh(cache, arm));
      assertEquals(2 + round + 1, registry.layerDownloads());
      pass(Duration.ofNanos(1));
    }
    assertEquals(Optional.of(head), cache.head(DEMO));
    assertEquals(0, ingests());
    registry.push("demo", "two", AMD64, ARM64);
    updated(refresh(cache, arm));
  }

  @Test
  void a_fault_of_the_network_in_between_does_not_restart_the_pauses_of_a_refusal() {
    Digest bad = registry.image(ARM64, MemoryRegistry.layer("BAD", 100_000));
    registry.tag("demo", bad);
    Channel arm = channel("custom", "demo", ARM64);
    assertInstanceOf(Rejected.class, refresh(cache, arm));
    pass(Duration.ofMinutes(15));
    registry.weather =
        (_, _) -> {
          throw new RegistryException(Reason.UNREACHABLE, "connection reset");
        };
    assertEquals(Trouble.UNREACHABLE, trouble(refresh(cache, arm)));
    registry.weather = (_, _) -> {};
    assertInstanceOf(Rejected.class, refresh(cache, arm));
    assertEquals(3, registry.layerDownloads());
    pass(Duration.ofMinutes(30).minusNanos(1)); // not 15 again
    assertInstanceOf(Rejected.class, refresh(cache, arm));
    assertEquals(3, registry.layerDownloads());
    pass(Duration.ofNanos(1));
    assertInstanceOf(Rejected.class, refresh(cache, arm));
    assertEquals(4, registry.layerDownloads());
  }

  @Test
  void a_cut_download_goes_on_where_it_ended() {
    registry.push("demo", "one", ARM64);
    Channel arm = channel("custom", "demo", ARM64);
    registry.weather =
        (_, done) -> {
          if (done >= 128 << 10) {
            throw new RegistryException(Reason.UNREACHABLE, "connection reset");
          }
        };
    assertEquals(Trouble.UNREACHABLE, trouble(refresh(cache, arm)));
    assertEquals(128 << 10, registry.bytesOut.get());
    registry.weather = (_, _) -> {};
    reopen();
    assertEquals(200_000 - (128 << 10), updated(refresh(cache, arm)).downloaded());
    assertEquals(200_000, registry.bytesOut.get());
  }

  @Test
  void a_failure_says_what_it_was_and_keeps_the_head() {
    registry.push("demo", "one", AMD64, ARM64);
    Release head = updated(refresh(cache, DEMO)).head();
    Map<Reason, Trouble> expected =
        Map.of(
            Reason.NOT_FOUND, Trouble.BAD_ANSWER, // a layer is missing, not the tag
            Reason.AUTH_FAILED, Trouble.AUTH_FAILED,
            Reason.AUTH_REALM_REFUSED, Trouble.AUTH_REALM_REFUSED,
            Reason.REDIRECT_REFUSED, Trouble.BAD_ANSWER,
            Reason.DIGEST_MISMATCH, Trouble.DIGEST_MISMATCH,
            Reason.TOO_LARGE, Trouble.BAD_ANSWER,
            Reason.BUSY, Trouble.BUSY,
            Reason.UNREACHABLE, Trouble.UNREACHABLE,
            Reason.LOCAL_IO, Trouble.READ_ONLY);
    expected.forEach((reason, trouble) -> {
      registry.push("demo", "for " + reason, AMD64, ARM64);
      registry.weather =
          (_, _) -> {
            throw new RegistryException(reason, "why", null, Duration.ofSeconds(3));
          };
      assertEquals(new Failed(trouble, "why", Duration.ofSeconds(3)), refresh(cache, DEMO));
      assertEquals(Optional.of(head), cache.head(DEMO));
    });
  }

  @Test
  void c_07_without_room_nothing_is_fetched_and_with_room_again_it_is() throws IOException {
    registry.push("demo", "one", AMD64, ARM64);
    cache.close();
    cache = fixture.open(Long.MAX_VALUE / 2);
    Failed outcome = assertInstanceOf(Failed.class, refresh(cache, DEMO));
    assertEquals(Trouble.NO_SPACE, outcome.trouble());
    assertEquals(0, registry.bytesOut.get());
    assertEquals(0, ingests());
    reopen();
    updated(refresh(cache, DEMO));
  }

  @Test
  void c_17_a_cache_in_use_is_told_from_other_failures() throws IOException {
    CacheException locked = assertThrows(CacheException.class, () -> fixture.open());
    assertTrue(locked.isLocked());
    assertEquals(
        "the cache "
            + root
            + " is in use by another moonboot: stop that one, or give this one its own directory",
        locked.getMessage());
    Path file = Files.writeString(root.resolve("file"), "x");
    CacheException other = assertThrows(CacheException.class, () -> new CacheFixture(file).open());
    assertEquals(false, other.isLocked());
  }

  @Test
  void a_closed_cache_refuses_and_can_be_opened_again() {
    registry.push("demo", "one", AMD64, ARM64);
    Release head = updated(refresh(cache, DEMO)).head();
    cache.close();
    assertThrows(CacheException.class, () -> refresh(cache, DEMO));
    cache = fixture.open();
    assertEquals(new Unchanged(head), refresh(cache, DEMO));
    assertSame(cache.head(DEMO).orElseThrow(), cache.release(head.digest()).orElseThrow());
  }
}
