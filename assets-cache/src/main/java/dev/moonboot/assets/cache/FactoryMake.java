package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.cache.FactoryFiles.Came;
import dev.moonboot.assets.cache.FactoryFiles.Part;
import dev.moonboot.assets.extract.BootFileExtractor;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.BootPaths;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.WebFiles;
import dev.moonboot.assets.store.Ingest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** Makes a release of what a factory made. */
final class FactoryMake implements Origin.Make {
  private static final String OCTETS = "application/octet-stream";

  private final WantedImage wanted;
  private final ImageReference named;
  private final FactoryFiles files;
  private final Admission admission;
  private final FactoryOrigin origin;
  private final Instant created = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  /**
   * @param named the image with the id of the schematic
   */
  FactoryMake(
      WantedImage wanted,
      ImageReference named,
      FactoryFiles files,
      Admission admission,
      FactoryOrigin origin) {
    this.wanted = wanted;
    this.named = named;
    this.files = files;
    this.admission = admission;
    this.origin = origin;
  }

  @Override
  public List<String> keys() {
    return List.of(wanted.digest().toString());
  }

  @Override
  public long downloaded() {
    return origin.downloaded();
  }

  @Override
  public Release into(Ingest ingest, LongConsumer needRoom) throws IOException {
    try {
      Map<Arch, BootFiles> checked = new EnumMap<>(Arch.class);
      for (Arch arch : wanted.arches()) {
        checked.put(arch, checked(arch, ingest));
      }
      wanted.progress().step("commit", wanted.digest().toString());
      Map<Arch, Build> builds = new EnumMap<>(Arch.class);
      for (BootFiles found : checked.values()) {
        builds.put(found.arch(), commit(found, ingest));
      }
      // before it is held: whatever is held can be had again
      origin.keep(wanted.digest(), named);
      return ingest.publish(
          new Release(wanted.digest(), named.toString(), builds, created, admission));
    } finally {
      origin.discard();
    }
  }

  private BootFiles checked(Arch arch, Ingest ingest) throws IOException {
    Path folder = Files.createDirectory(ingest.work().resolve(arch.id()));
    Came cmdline = files.file(arch, Part.CMDLINE);
    var parts =
        new BootFileExtractor.Parts(
            found(arch, Part.KERNEL),
            found(arch, Part.INITRAMFS),
            Files.readString(cmdline.file(), ISO_8859_1),
            files.name(arch, Part.CMDLINE),
            files.parts().contains(Part.UKI) ? found(arch, Part.UKI) : null,
            files.parts().contains(Part.ISO) ? found(arch, Part.ISO) : null);
    return BootFileExtractor.check(
        parts,
        "Image Factory",
        new BootFileExtractor.Wanted(
            wanted.content(), arch, BootPaths.KNOWN_LAYOUTS, String.valueOf(named.tag())),
        folder);
  }

  private BootFiles.Found found(Arch arch, Part part) {
    Came came = files.file(arch, part);
    return new BootFiles.Found(
        came.file(), came.got().size(), came.got().digest(), files.name(arch, part));
  }

  private Build commit(BootFiles found, Ingest ingest) throws IOException {
    Arch arch = found.arch();
    List<Ingest.Ready> ready = new ArrayList<>();
    AssetName.sorted(found.files())
        .forEach((name, file) ->
            ready.add(new Ingest.Ready(name, file.file(), file.size(), file.digest())));
    ready.add(record(found, ingest));
    Map<AssetName, Asset> assets = new HashMap<>();
    ingest.commit(arch, ready).forEach(asset -> assets.put(asset.name(), asset));
    return new Build(
        found.content(),
        wanted.digest(),
        files.layers(arch),
        found.layout(),
        found.talosVersion(),
        found.kernelRelease(),
        found.extensions(),
        found.uki(),
        assets);
  }

  private Ingest.Ready record(BootFiles found, Ingest ingest) throws IOException {
    List<Descriptor> layers = new ArrayList<>();
    for (Part part : files.parts()) {
      WebFiles.Got got = files.file(found.arch(), part).got();
      layers.add(new Descriptor(OCTETS, got.digest(), got.size()));
    }
    var platform = new PlatformImage(wanted.digest(), layers, List.of(), Map.of());
    var text =
        BuildRecord.of(
            new BuildRecord.Origin(named.toString(), wanted.digest(), platform, created), found);
    byte[] bytes = text.pretty().getBytes(UTF_8);
    Path file = ingest.work().resolve(AssetName.RECORD.flatName(found.arch()));
    Files.write(file, bytes);
    return new Ingest.Ready(AssetName.RECORD, file, bytes.length, Digest.of(bytes));
  }
}
