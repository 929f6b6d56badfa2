package dev.moonboot.assets.cache;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.files.TwoSlots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What must hold of a cache whatever happened to it. A test that breaks something ends by asking
 * this.
 */
final class Invariants {
  private static final Duration START = Duration.ofSeconds(5);

  private Invariants() {}

  /** All of them, for a cache that is open. */
  static void check(Path root, AssetCache cache, Channel channel) throws IOException {
    i1_objects(root);
    i2_reachable(cache, channel);
    i3_state(CacheFixture.state(root));
  }

  /** I1: every object under its digest name hashes to that name. */
  static void i1_objects(Path root) throws IOException {
    try (var blobs = Files.list(root.resolve("blobs/sha256"))) {
      for (Path blob : (Iterable<Path>) blobs::iterator) {
        try {
          holds(blob, new Digest(blob.getFileName().toString()));
        } catch (NoSuchFileException e) {
          // swept or put into quarantine just now
        }
      }
    }
  }

  /** I2: every release that is served has all its objects, in their sizes. */
  static void i2_reachable(AssetCache cache, Channel channel) throws IOException {
    for (Release release : cache.releases(channel)) {
      for (var build : release.builds().values()) {
        for (Asset asset : build.assets().values()) {
          holds(asset.file(), asset.digest());
          if (Files.size(asset.file()) != asset.size()) {
            throw new AssertionError(asset + " has another size");
          }
        }
      }
    }
  }

  private static void holds(Path file, Digest digest) throws IOException {
    if (!Digest.of(Files.readAllBytes(file)).equals(digest)) {
      throw new AssertionError(file + " does not hold " + digest);
    }
  }

  /** I3: of every channel there is a state that can be read, and only the older may be torn. */
  static void i3_state(Path state) throws IOException {
    Path channels = state.resolve("channels");
    if (!Files.isDirectory(channels)) {
      return;
    }
    try (var slots = Files.list(channels)) {
      for (Path slot : (Iterable<Path>) slots::iterator) {
        String name = slot.getFileName().toString();
        if (!name.startsWith(".") && name.matches(".*\\.[01]")) {
          Set<PosixFilePermission> mode = Set.of();
          var found = new TwoSlots(channels, name.substring(0, name.length() - 2), mode).read();
          if (found.state().isEmpty() || !found.broken().isEmpty()) {
            throw new AssertionError("state of " + slot + " is broken: " + found.broken());
          }
        }
      }
    }
  }

  /**
   * I6: it starts within 5 s and without any network, and what it served before it serves again.
   *
   * @param before the head that was served; empty when there was none
   */
  static AssetCache i6_starts(Supplier<AssetCache> open, Channel channel, Optional<Digest> before) {
    long start = System.nanoTime();
    AssetCache cache = open.get();
    long took = System.nanoTime() - start;
    boolean serves =
        before.isEmpty()
            || cache.releases(channel).stream().anyMatch(r -> r.digest().equals(before.get()));
    if (took > START.toNanos() || !serves) {
      cache.close();
      throw new AssertionError("started in " + took / 1e9 + " s, serves " + before + ": " + serves);
    }
    return cache;
  }
}
