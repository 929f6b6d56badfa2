package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Makes a release of one image. */
final class ReleasePull implements Origin.Make {
  private final ImageOrigin origin;
  private final WantedImage wanted;
  private final Map<Arch, PlatformImage> platforms;
  private final Admission admission;
  private final Instant created = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private long downloaded;

  /**
   * @param admission why the image is let in
   */
  ReleasePull(
      ImageOrigin origin,
      WantedImage wanted,
      Map<Arch, PlatformImage> platforms,
      Admission admission) {
    this.origin = origin;
    this.wanted = wanted;
    this.platforms = platforms;
    this.admission = admission;
  }

  /** The image, and the layers for each architecture: equal layers are pulled once. */
  @Override
  public List<String> keys() {
    Stream<String> layers =
        platforms.entrySet().stream().map(entry -> entry.getKey().id() + layers(entry.getValue()));
    return Stream.concat(Stream.of(wanted.digest().toString()), layers).toList();
  }

  @Override
  public long downloaded() {
    return downloaded;
  }

  @Override
  public Release into(Ingest ingest, LongConsumer needRoom) throws IOException {
    Map<Arch, Build> known = new EnumMap<>(Arch.class);
    Map<Arch, BootFiles> fresh = new EnumMap<>(Arch.class);
    for (var platform : platforms.entrySet()) {
      Arch arch = platform.getKey();
      Optional<Build> build = ingest.known(wanted.content(), arch, layers(platform.getValue()));
      if (build.isPresent()) {
        known.put(arch, build.get());
      } else {
        fresh.put(arch, extract(arch, ingest, needRoom));
      }
    }
    wanted.progress().step("commit", wanted.digest().toString());
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    for (var entry : known.entrySet()) {
      builds.put(entry.getKey(), renew(entry.getKey(), entry.getValue(), ingest));
    }
    for (var entry : fresh.entrySet()) {
      builds.put(entry.getKey(), commit(entry.getValue(), ingest));
    }
    return ingest.publish(
        new Release(wanted.digest(), wanted.image().toString(), builds, created, admission));
  }

  private static List<Digest> layers(PlatformImage platform) {
    return platform.layers().stream().map(Descriptor::digest).toList();
  }

  private PlatformImage platform(Arch arch) {
    return Optional.ofNullable(platforms.get(arch)).orElseThrow();
  }

  private BootFiles extract(Arch arch, Ingest ingest, LongConsumer needRoom) throws IOException {
    PlatformImage platform = platform(arch);
    PulledLayers layers =
        new PulledLayers(origin.registry(), platform, ingest.layers(), wanted.progress(), needRoom);
    try (layers) {
      return layers.extract(
          origin.extraction(),
          ImageAccess.wanted(wanted.content(), arch, platform, wanted.image().tag()),
          ingest.work().resolve(arch.id()));
    } finally {
      downloaded += layers.downloaded();
    }
  }

  private Build commit(BootFiles files, Ingest ingest) throws IOException {
    Arch arch = files.arch();
    PlatformImage platform = platform(arch);
    return new Build(
        files.content(),
        platform.manifest(),
        layers(platform),
        files.layout(),
        files.talosVersion(),
        files.kernelRelease(),
        files.extensions(),
        files.uki(),
        CommittedFiles.of(files, BuildRecord.of(origin(arch), files), ingest));
  }

  /** The same assets under another image's name. */
  private Build renew(Arch arch, Build before, Ingest ingest) throws IOException {
    Asset old = Optional.ofNullable(before.assets().get(AssetName.RECORD)).orElseThrow();
    Map<AssetName, Asset> assets = new HashMap<>(before.assets());
    Json.Obj text = BuildRecord.renewed(origin(arch), old.file());
    Ingest.Ready record = CommittedFiles.record(arch, text, ingest);
    assets.put(AssetName.RECORD, ingest.commit(arch, List.of(record)).getFirst());
    return new Build(
        before.content(),
        platform(arch).manifest(),
        before.layers(),
        before.layout(),
        before.talosVersion(),
        before.kernelRelease(),
        before.extensions(),
        before.uki(),
        assets);
  }

  private BuildRecord.Origin origin(Arch arch) {
    return new BuildRecord.Origin(
        wanted.image().toString(), wanted.digest(), platform(arch), created);
  }
}
