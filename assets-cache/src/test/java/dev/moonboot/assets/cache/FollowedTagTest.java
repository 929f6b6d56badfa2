package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import dev.moonboot.testing.TestImages.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a tag in a registry, by HTTPS, to files on disk: all parts of this module together. */
class FollowedTagTest {
  private static final String REPOSITORY = "acme/talos";
  private static final Content ONE = Content.DEFAULT;
  private static final Content TWO = Content.DEFAULT.withSeed(2);

  @TempDir Path root;
  private FakeRegistry registry;
  private AssetCache cache;

  @BeforeEach
  void open() {
    registry = FakeRegistry.start();
    cache = AssetCache.open(settings());
  }

  private CacheSettings settings() {
    return CacheSettings.unchecked(root, CacheFixture.state(root), registry.settings(), 3);
  }

  @AfterEach
  void close() {
    cache.close();
    registry.close();
  }

  private Channel channel(String name, String tag) {
    return new Channel(name, registry.reference(REPOSITORY, tag), List.of(AMD64, ARM64));
  }

  private Refresh refresh(Channel channel) {
    return cache.refresh(channel, Progress.NONE);
  }

  private Digest push(String tag, TestImage image) {
    return registry.push(REPOSITORY, tag, image);
  }

  private static byte[] bytes(Release release, Arch arch, AssetName name) throws IOException {
    return Files.readAllBytes(release.asset(arch, name).orElseThrow().file());
  }

  private long requestsFor(Digest blob) {
    return registry.requests(Kind.BLOB).stream()
        .filter(request -> request.path().endsWith(blob.toString()))
        .count();
  }

  @Test
  void an_installer_becomes_the_boot_files_of_both_arches_without_its_base_layers()
      throws IOException {
    TestImage image = TestImages.installer(ONE);
    Digest digest = push("demo", image);
    Release release = assertInstanceOf(Updated.class, refresh(channel("custom", "demo"))).head();
    assertEquals(digest, release.digest());
    assertEquals("v1.13.9", release.version());
    for (Arch arch : Arch.values()) {
      assertArrayEquals(ONE.kernel(arch), bytes(release, arch, AssetName.VMLINUZ));
      assertArrayEquals(ONE.initramfs(arch), bytes(release, arch, AssetName.INITRAMFS));
      assertArrayEquals(ONE.uki(arch), bytes(release, arch, AssetName.UKI));
      assertEquals(
          ONE.cmdline(), new String(bytes(release, arch, AssetName.CMDLINE), UTF_8).strip());
      List<TestImage.Blob> layers = image.platform(arch).layers();
      assertEquals(0, requestsFor(layers.getFirst().digest()), "base layer of " + arch);
      assertEquals(1, requestsFor(layers.getLast().digest()));
    }
    assertArrayEquals(ONE.rawImage(), bytes(release, ARM64, AssetName.IMAGE));
    assertEquals(Optional.empty(), release.asset(AMD64, AssetName.IMAGE));
  }

  @Test
  void r_26_an_unchanged_tag_is_a_head_and_nothing_else() throws IOException {
    push("demo", TestImages.installer(ONE));
    Channel channel = channel("custom", "demo");
    Release head = assertInstanceOf(Updated.class, refresh(channel)).head();
    registry.forget();
    var before = CacheFixture.everything(root);
    for (int i = 0; i < 100; i++) {
      assertEquals(new Unchanged(head), refresh(channel));
    }
    assertEquals(100, registry.count(Kind.HEAD_MANIFEST));
    assertEquals(0, registry.count(Kind.GET_MANIFEST));
    assertEquals(0, registry.count(Kind.BLOB));
    assertEquals(before, CacheFixture.everything(root));
  }

  @Test
  void r_20_a_hundred_callers_cause_one_pull() throws Exception {
    TestImage image = TestImages.installer(ONE);
    Digest digest = push("demo", image);
    Channel channel = channel("custom", "demo");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Refresh>> callers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        callers.add(threads.submit(() -> refresh(channel)));
      }
      for (Future<Refresh> caller : callers) {
        assertEquals(digest, caller.get().release().orElseThrow().digest());
      }
    }
    for (Arch arch : Arch.values()) {
      assertEquals(1, requestsFor(image.platform(arch).layers().getLast().digest()));
    }
  }

  @Test
  void r_21_two_tags_of_the_same_image_and_a_re_pushed_index_fetch_each_layer_once()
      throws Exception {
    TestImage image = TestImages.installer(ONE);
    push("demo", image);
    push("stable", image);
    TestImage again =
        TestImage.index(true, image.platform(AMD64), image.platform(ARM64)); // new attestations
    push("again", again);
    Map<String, Channel> channels =
        Map.of(
            "demo", channel("one", "demo"),
            "stable", channel("two", "stable"),
            "again", channel("three", "again"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Refresh>> callers = new ArrayList<>();
      channels.values().forEach(c -> callers.add(threads.submit(() -> refresh(c))));
      for (Future<Refresh> caller : callers) {
        assertInstanceOf(Updated.class, caller.get());
      }
    }
    for (Arch arch : Arch.values()) {
      assertEquals(1, requestsFor(image.platform(arch).layers().getLast().digest()));
    }
  }

  @Test
  void r_18_a_deleted_tag_keeps_the_head() {
    push("demo", TestImages.installer(ONE));
    Channel channel = channel("custom", "demo");
    Release head = assertInstanceOf(Updated.class, refresh(channel)).head();
    registry.untag(REPOSITORY, "demo");
    assertEquals(Trouble.TAG_MISSING, assertInstanceOf(Failed.class, refresh(channel)).trouble());
    assertEquals(Optional.of(head), cache.head(channel));
  }

  @Test
  void r_25_a_tag_that_goes_forth_and_back_is_one_switch_a_look() {
    Channel channel = channel("custom", "demo");
    Digest a = push("demo", TestImages.installer(ONE));
    refresh(channel);
    Digest b = push("demo", TestImages.installer(TWO));
    assertEquals(b, assertInstanceOf(Updated.class, refresh(channel)).head().digest());
    registry.tag(REPOSITORY, "demo", a);
    registry.forget();
    assertEquals(a, assertInstanceOf(Held.class, refresh(channel)).digest());
    assertEquals(Optional.of(b), cache.head(channel).map(Release::digest));
    cache.accept(channel, a);
    Updated back = assertInstanceOf(Updated.class, refresh(channel));
    assertEquals(
        List.of(a, b),
        List.of(back.head().digest(), Optional.ofNullable(back.previous()).orElseThrow()));
    assertEquals(0, registry.count(Kind.BLOB));
  }

  @Test
  void an_image_whose_files_are_for_another_arch_is_rejected_and_the_head_stays() {
    Channel channel = channel("custom", "demo");
    push("demo", TestImages.installer(ONE));
    Release head = assertInstanceOf(Updated.class, refresh(channel)).head();
    Digest bad = push("demo", TestImages.assetContainer(TWO));
    Rejected rejected = assertInstanceOf(Rejected.class, refresh(channel));
    assertEquals(bad, rejected.digest());
    assertTrue(rejected.why().contains("arm64"), rejected.why());
    assertEquals(Optional.of(head), cache.head(channel));
    registry.forget();
    assertEquals(rejected, refresh(channel));
    assertEquals(0, registry.count(Kind.BLOB) + registry.count(Kind.GET_MANIFEST));
  }

  @Test
  void closing_ends_a_pull_that_hangs_and_the_cache_can_be_opened_again() throws Exception {
    push("demo", TestImages.installer(ONE));
    Channel channel = channel("custom", "demo");
    CountDownLatch asked = new CountDownLatch(1);
    registry.fault(
        Kind.BLOB,
        (request, right) -> {
          asked.countDown();
          return right.stallingAfter(10);
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Refresh> pull = threads.submit(() -> refresh(channel));
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      cache.close();
      assertEquals(Trouble.STOPPED, assertInstanceOf(Failed.class, pull.get()).trouble());
    }
    registry.heal();
    cache = AssetCache.open(settings());
    assertInstanceOf(Updated.class, refresh(channel));
  }
}
