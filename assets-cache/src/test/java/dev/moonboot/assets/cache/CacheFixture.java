package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.verify.AdmissionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A cache over a {@link MemoryRegistry}, with a clock of its own. */
final class CacheFixture {
  final MemoryRegistry registry = new MemoryRegistry();
  final AtomicLong nanos = new AtomicLong();

  AdmissionPolicy policy = AdmissionPolicy.OFF;

  private final Path root;

  CacheFixture(Path root) {
    this.root = root;
  }

  ImageAccess access() {
    return new ImageAccess(_ -> registry, new ToyExtraction());
  }

  AssetCache open() {
    return open(0);
  }

  /**
   * @param reserve bytes that must stay free on the disk
   */
  AssetCache open(long reserve) {
    return open(new CacheLimits(1, CacheLimits.UNLIMITED, reserve, nanos::get));
  }

  /** A cache that may sweep what the channels {@code custom} and {@code stable} do not need. */
  AssetCache open(CacheLimits limits) {
    AssetCache cache = AssetCache.open(settings(), access(), limits);
    cache.roots(() -> new Roots(Set.of("custom", "stable"), Set.of(), Set.of()));
    return cache;
  }

  private CacheSettings settings() {
    return new CacheSettings(root, state(root), RegistrySettings.DEFAULT, 1, policy);
  }

  /** Where the state of a test's cache is. */
  static Path state(Path root) {
    return root.resolve("state");
  }

  static Channel channel(String name, String tag, Arch... arches) {
    var source = new SourceImage.Repository("registry.example", "acme/talos");
    return new Channel(name, new ImageReference(source, tag, null), List.of(arches));
  }

  static Refresh refresh(AssetCache cache, Channel channel) {
    return cache.refresh(channel, Progress.NONE);
  }

  /**
   * What must hold of a cache whatever happened: every object under its digest name has that
   * digest, and every release that can be reached has all its objects.
   */
  static void assertWhole(Path root, AssetCache cache, Channel channel) throws IOException {
    Invariants.check(root, cache, channel);
  }

  /**
   * Every file below {@code root}, with size and time of change: equal when nothing was written.
   */
  static Set<String> everything(Path root) throws IOException {
    Set<String> all = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        all.add(file + " " + Files.size(file) + " " + Files.getAttribute(file, "unix:ctime"));
      }
    }
    return all;
  }
}
