package dev.moonboot.assets.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small releases, and how they come into a store. */
final class StoreFixture {
  static final Arch ARCH = Arch.ARM64;

  private StoreFixture() {}

  /** The image digest of the release called {@code name}. */
  static Digest image(String name) {
    return Digest.of(("image " + name).getBytes(UTF_8));
  }

  static Channel channel(String name) {
    var source = new SourceImage.Repository("registry.example", "talos");
    return new Channel(name, new ImageReference(source, name, null), List.of(ARCH));
  }

  static Asset commit(Ingest ingest, AssetName name, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    Path file = Files.write(ingest.work().resolve(name.fileName()), bytes);
    return ingest.commit(name, ARCH, file, bytes.length, Digest.of(bytes));
  }

  /** Publishes a release with a kernel of its own and an initramfs called {@code shared}. */
  static Release publish(AssetStore store, String channel, String name, String shared)
      throws IOException {
    try (Ingest ingest = store.ingest(image(name))) {
      Map<AssetName, Asset> assets = new HashMap<>();
      assets.put(AssetName.VMLINUZ, commit(ingest, AssetName.VMLINUZ, "kernel " + name));
      assets.put(AssetName.INITRAMFS, commit(ingest, AssetName.INITRAMFS, shared));
      Build build =
          new Build(
              image("manifest " + name),
              List.of(image("layer " + name)),
              "plain pair",
              "v1.13.6",
              "6.12.31-talos",
              List.of("hello v1.0.0"),
              assets);
      Release published =
          ingest.publish(
              new Release(
                  image(name),
                  "registry.example/talos:" + channel,
                  Map.of(ARCH, build),
                  Instant.parse("2026-01-02T03:04:05Z")));
      store.heads().advance(channel(channel), published.digest());
      return published;
    }
  }

  static Release publish(AssetStore store, String channel, String name) throws IOException {
    return publish(store, channel, name, "initramfs " + name);
  }

  /** The names in a directory, sorted. */
  static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
