package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Makes one release: every architecture of its channel, or nothing. */
final class ReleasePull {
  private final Channel channel;
  private final Digest digest;
  private final Map<Arch, PlatformImage> platforms;
  private final Registry registry;
  private final Progress progress;
  private final Instant created = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private long downloaded;

  ReleasePull(
      Channel channel,
      Digest digest,
      Map<Arch, PlatformImage> platforms,
      Registry registry,
      Progress progress) {
    this.channel = channel;
    this.digest = digest;
    this.platforms = platforms;
    this.registry = registry;
    this.progress = progress;
  }

  Channel channel() {
    return channel;
  }

  Digest digest() {
    return digest;
  }

  /** Bytes fetched so far. */
  long downloaded() {
    return downloaded;
  }

  Release into(Ingest ingest, ImageAccess.Extraction extraction, LongConsumer needRoom)
      throws IOException {
    Map<Arch, Build> known = new EnumMap<>(Arch.class);
    Map<Arch, BootFiles> fresh = new EnumMap<>(Arch.class);
    for (var platform : platforms.entrySet()) {
      Arch arch = platform.getKey();
      Optional<Build> build = ingest.known(arch, layers(platform.getValue()));
      if (build.isPresent()) {
        known.put(arch, build.get());
      } else {
        fresh.put(arch, extract(arch, ingest, extraction, needRoom));
      }
    }
    progress.step("commit", digest.toString());
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    for (var entry : known.entrySet()) {
      builds.put(entry.getKey(), renew(entry.getKey(), entry.getValue(), ingest));
    }
    for (var entry : fresh.entrySet()) {
      builds.put(entry.getKey(), commit(entry.getValue(), ingest));
    }
    return ingest.publish(
        channel.name(), new Release(digest, channel.image().toString(), builds, created));
  }

  private static List<Digest> layers(PlatformImage platform) {
    return platform.layers().stream().map(Descriptor::digest).toList();
  }

  private PlatformImage platform(Arch arch) {
    return Optional.ofNullable(platforms.get(arch)).orElseThrow();
  }

  private BootFiles extract(
      Arch arch, Ingest ingest, ImageAccess.Extraction extraction, LongConsumer needRoom)
      throws IOException {
    PlatformImage platform = platform(arch);
    PulledLayers layers = new PulledLayers(registry, platform, ingest.layers(), progress, needRoom);
    try (layers) {
      return layers.extract(
          extraction,
          ImageAccess.wanted(arch, platform, channel.image().tag()),
          ingest.work().resolve(arch.id()));
    } finally {
      downloaded += layers.downloaded();
    }
  }

  private Build commit(BootFiles files, Ingest ingest) throws IOException {
    Arch arch = files.arch();
    Map<AssetName, Asset> assets = new EnumMap<>(AssetName.class);
    for (var entry : files.files().entrySet()) {
      BootFiles.Found found = entry.getValue();
      assets.put(
          entry.getKey(),
          ingest.commit(entry.getKey(), arch, found.file(), found.size(), found.digest()));
    }
    Asset record = commit(arch, BuildRecord.of(origin(arch), files), ingest);
    assets.put(AssetName.RECORD, record);
    PlatformImage platform = platform(arch);
    return new Build(
        platform.manifest(),
        layers(platform),
        files.layout(),
        files.talosVersion(),
        files.kernelRelease(),
        files.extensions(),
        assets);
  }

  /** The same assets under another image's name. */
  private Build renew(Arch arch, Build before, Ingest ingest) throws IOException {
    Asset old = Optional.ofNullable(before.assets().get(AssetName.RECORD)).orElseThrow();
    Map<AssetName, Asset> assets = new EnumMap<>(before.assets());
    Json.Obj text = BuildRecord.renewed(origin(arch), old.file());
    assets.put(AssetName.RECORD, commit(arch, text, ingest));
    return new Build(
        platform(arch).manifest(),
        before.layers(),
        before.layout(),
        before.talosVersion(),
        before.kernelRelease(),
        before.extensions(),
        assets);
  }

  private Asset commit(Arch arch, Json.Obj record, Ingest ingest) throws IOException {
    byte[] text = record.pretty().getBytes(UTF_8);
    Path file = ingest.work().resolve(AssetName.RECORD.flatName(arch));
    Files.write(file, text);
    return ingest.commit(AssetName.RECORD, arch, file, text.length, Digest.of(text));
  }

  private BuildRecord.Origin origin(Arch arch) {
    return new BuildRecord.Origin(channel.image().toString(), digest, platform(arch), created);
  }
}
