package dev.moonboot.factory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A factory over a folder, with a cache that is played: it has at once whatever is to be made. */
class FactoryTest {
  private static final String PLAIN = Schematic.EMPTY.id();

  @TempDir Path folder;
  private final Map<Digest, Release> cache = new ConcurrentHashMap<>();
  private volatile List<String> tags = List.of("v1.13.8", "v1.13.9");
  private volatile boolean unreachable;
  private volatile Listing listing = (_, _) -> new Json.Arr(List.of());
  private Factory factory;

  @BeforeEach
  void open() {
    open(100, 10);
  }

  private void start(int schematics, int kept) {
    open(schematics, kept);
    factory.start();
  }

  private void open(int schematics, int kept) {
    var config =
        new FactoryConfig(
            "",
            new SourceImage.Repository("ghcr.io", "siderolabs/imager"),
            List.of(),
            List.of(),
            1,
            schematics,
            kept);
    factory =
        new Factory(
            config,
            folder,
            new Factory.Ground(
                AssetCache::parse,
                this::made,
                digest -> Optional.ofNullable(cache.get(digest)),
                this::tags,
                (kind, version) -> listing.read(kind, version)));
  }

  @AfterEach
  void stop() {
    factory.letGo();
    factory.close();
  }

  private List<String> tags() {
    if (unreachable) {
      throw new IllegalStateException("no registry");
    }
    return tags;
  }

  private Fetched made(Channel channel) {
    String what = ((SourceImage.Composed) channel.image().source()).of() + " " + channel.arches();
    var release =
        new Release(
            Digest.of(what.getBytes(UTF_8)),
            "build:x",
            Map.of(
                Arch.AMD64,
                new Build(
                    Digest.of(new byte[0]),
                    List.of(),
                    "composed",
                    "v1.13.9",
                    "6.18.9-talos",
                    List.of(),
                    Map.of())),
            Instant.EPOCH.plusSeconds(cache.size()));
    cache.put(release.digest(), release);
    return new Fetched.Held(release);
  }

  private static void await(BooleanSupplier there) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in time");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private boolean isListed(List<String> versions) {
    try {
      return factory.versions().equals(versions);
    } catch (FactoryException e) {
      return false;
    }
  }

  private void awaitVersions() {
    await(() -> isListed(tags));
  }

  private String post(String argument) {
    return factory.post("customization: {extraKernelArgs: [%s]}".formatted(argument)).id();
  }

  /** What was made for it, once it is. */
  private Digest ready(String id, String version, String name) {
    await(() -> factory.image(id, version, name).status() instanceof OrderStatus.Ready);
    return assertInstanceOf(OrderStatus.Ready.class, factory.image(id, version, name).status())
        .release()
        .digest();
  }

  private void posted(String id, Instant time) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve("schematics").resolve(id + ".yaml"), FileTime.from(time));
  }

  @Test
  void an_id_that_was_given_is_known_after_a_start() throws IOException {
    start(100, 10);
    // as it is posted it has 36 KiB, canonically 120
    String machine = "\"" + "a\\n".repeat(12_000) + "\"";
    var refused =
        assertThrows(
            FactoryException.class,
            () ->
                factory.post(
                    "{\"customization\":{\"embeddedMachineConfiguration\":%s}}"
                        .formatted(machine)));
    assertEquals(400, refused.status());
    assertEquals("longer than 64 KiB", refused.getMessage());
    String id =
        factory
            .post(
                "{\"customization\":{\"embeddedMachineConfiguration\":\""
                    + "a\\n".repeat(6_000)
                    + "\"}}")
            .id();
    stop();
    start(100, 10);
    assertEquals(id, factory.schematic(id).id());
  }

  /** Where something else keeps the appliance from starting. */
  @Test
  void what_was_never_started_can_be_closed() {
    factory.close();
  }

  @Test
  void what_could_never_be_made_is_refused_at_once() {
    start(100, 10);
    String extensions = "a/b, ".repeat(64) + "a/b";
    var refused =
        assertThrows(
            FactoryException.class,
            () ->
                factory.post(
                    "customization: {systemExtensions: {officialExtensions: [%s]}}"
                        .formatted(extensions)));
    assertEquals(
        "65 extensions; images with more than 64 cannot be made here", refused.getMessage());
    refused = assertThrows(FactoryException.class, () -> post("a,".repeat(1000) + "a"));
    assertEquals(
        "1001 kernel arguments; images with more than 1000 cannot be made here",
        refused.getMessage());
  }

  @Test
  void of_schematics_those_of_which_something_is_kept_go_last_also_after_a_start()
      throws IOException {
    start(3, 10);
    awaitVersions();
    String booted = post("booted");
    Digest release = ready(booted, "v1.13.9", "kernel-amd64");
    String other = post("one");
    post("two");
    posted(booted, Instant.EPOCH);
    posted(other, Instant.EPOCH.plusSeconds(1));
    stop();
    start(3, 10);
    awaitVersions();
    post("three");
    assertEquals(release, ready(booted, "v1.13.9", "kernel-amd64"));
    assertThrows(FactoryException.class, () -> factory.schematic(other));
  }

  @Test
  void a_kernel_that_is_asked_for_keeps_what_it_is_of() {
    start(100, 2);
    awaitVersions();
    Digest booted = ready(PLAIN, "v1.13.9", "kernel-amd64");
    ready(PLAIN, "v1.13.8", "kernel-amd64");
    assertEquals(booted, ready(PLAIN, "v1.13.9", "initramfs-amd64.xz"));
    Digest last = ready(PLAIN, "v1.13.8", "kernel-arm64");
    assertEquals(Set.of(booted, last), factory.needed());
  }

  @Test
  void kernel_and_initramfs_are_of_what_was_made_first_whatever_is_asked_for_in_between() {
    start(100, 10);
    awaitVersions();
    Digest first = ready(PLAIN, "v1.13.9", "metal-amd64-uki.efi");
    assertEquals(first, ready(PLAIN, "v1.13.9", "kernel-amd64"));
    Digest script = ready(PLAIN, "v1.13.9", "cmdline-metal-amd64");
    assertNotEquals(first, script);
    assertEquals(first, ready(PLAIN, "v1.13.9", "initramfs-amd64.xz"));
  }

  @Test
  void what_was_made_is_served_though_its_version_is_listed_no_more() {
    start(100, 10);
    awaitVersions();
    Digest release = ready(PLAIN, "v1.13.8", "kernel-amd64");
    stop();
    tags = List.of("v1.13.9");
    start(100, 10);
    awaitVersions();
    assertEquals(release, ready(PLAIN, "v1.13.8", "kernel-amd64"));
    assertEquals(
        404,
        assertThrows(FactoryException.class, () -> factory.image(PLAIN, "v1.13.7", "kernel-amd64"))
            .status());
  }

  @Test
  void what_was_made_is_served_though_no_version_is_known() throws IOException {
    start(100, 10);
    awaitVersions();
    Digest release = ready(PLAIN, "v1.13.8", "kernel-amd64");
    stop();
    Files.delete(folder.resolve("versions.json"));
    unreachable = true;
    start(100, 10);
    assertEquals(release, ready(PLAIN, "v1.13.8", "kernel-amd64"));
  }

  @Test
  void a_base_that_lists_nothing_takes_no_version_away() throws InterruptedException {
    var versions = new Versions(() -> tags, folder.resolve("versions.json"));
    versions.look();
    tags = List.of("latest");
    assertEquals(Duration.ofSeconds(30), versions.look());
    assertEquals(Optional.of(List.of("v1.13.8", "v1.13.9")), versions.known());
    start(100, 10);
    assertTrue(isListed(List.of("v1.13.8", "v1.13.9")));
  }

  @Test
  void who_asks_what_there_is_officially_is_held_until_it_was_read() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    listing =
        (kind, version) -> {
          asked.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException("stopped", e);
          }
          return new Json.Arr(List.of(new Json.Str(kind + " of " + version)));
        };
    start(100, 10);
    awaitVersions();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> factory.official(Listing.Kind.EXTENSIONS, "v1.13.9"));
      asked.await();
      var second = threads.submit(() -> factory.official(Listing.Kind.EXTENSIONS, "1.13.9"));
      go.countDown();
      assertEquals(Optional.of("[\"EXTENSIONS of v1.13.9\"]\n"), first.get());
      assertEquals(first.get(), second.get());
    }
  }

  @Test
  void a_stop_lets_those_go_who_wait_for_a_list() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    listing =
        (_, _) -> {
          asked.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new IllegalStateException("stopped", e);
          }
          return new Json.Arr(List.of());
        };
    start(100, 10);
    awaitVersions();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> factory.official(Listing.Kind.OVERLAYS, "v1.13.9"));
      asked.await();
      factory.letGo();
      assertEquals(Optional.empty(), waiting.get());
      assertEquals(Optional.empty(), factory.official(Listing.Kind.OVERLAYS, "v1.13.9"));
    }
  }
}
