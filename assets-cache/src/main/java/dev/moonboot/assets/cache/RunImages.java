package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.InputImages;
import dev.moonboot.assets.extract.BaseFileExtractor;
import dev.moonboot.assets.extract.BaseFileExtractor.BaseFiles;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.BootPaths;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.assets.store.Inputs;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.Verdict;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The inputs of one run: pulled as images of channels are, but into a folder that all compositions
 * share. Used by one thread; {@link #close} from any.
 */
final class RunImages implements InputImages, AutoCloseable {
  private static final Logger LOG = System.getLogger(RunImages.class.getName());

  private record Platform(Digest image, Arch arch) {}

  private record Asked(AdmissionPolicy policy, Input input) {}

  private final Composing composing;
  private final Map<SourceImage, Registry> open = new ConcurrentHashMap<>();
  private final Map<Asked, Verdict> verdicts = new HashMap<>();
  private final Map<Platform, PlatformImage> platforms = new HashMap<>();
  private Progress progress = Progress.NONE;
  private long downloaded;

  RunImages(Composing composing) {
    this.composing = composing;
  }

  /** Who is told of what is done from now on. */
  void tell(Progress told) {
    progress = told;
  }

  /** Bytes fetched so far. */
  long downloaded() {
    return downloaded;
  }

  @Override
  public Registry registry(ImageReference image) {
    return open.computeIfAbsent(image.source(), _ -> composing.access().open(image));
  }

  /** What the policy in force says of an input. */
  Verdict verdict(Input input) {
    Asked asked = new Asked(composing.standings().policy(), input);
    Verdict known = verdicts.get(asked);
    if (known == null) {
      progress.step("verify", input.name());
      known = composing.standings().judge(registry(input.image()), input.image(), input.digest());
      verdicts.put(asked, known);
    }
    return known;
  }

  @Override
  public Optional<Refresh> objection(Input input) {
    return switch (verdict(input)) {
      case Verdict.Admitted _ -> Optional.empty();
      case Verdict.Refused(var why) ->
          Optional.of(
              new Refresh.Rejected(
                  input.digest(), Refresh.Grounds.SIGNATURE, "input " + input.name() + ": " + why));
      case Verdict.TooOld(var why) ->
          Optional.of(
              new Refresh.Held(
                  input.digest(), Refresh.Caution.AGE, "input " + input.name() + ": " + why));
    };
  }

  @Override
  public PlatformImage platform(Input input, Arch arch) {
    Platform key = new Platform(input.digest(), arch);
    PlatformImage known = platforms.get(key);
    if (known == null) {
      known = Platforms.select(registry(input.image()), input.digest(), arch);
      platforms.put(key, known);
    }
    return known;
  }

  @Override
  public <T> T unpack(Input input, Arch arch, Path out, Unpacking<T> unpacking) throws IOException {
    return layers(input, arch, pulled -> pulled.unpack(unpacking, out));
  }

  private interface Pulled<T> {
    T use(PulledLayers layers) throws IOException;
  }

  /** Two who want the same layers cause one pull. */
  private <T> T layers(Input input, Arch arch, Pulled<T> work) throws IOException {
    PlatformImage platform = platform(input, arch);
    List<Digest> layers = platform.layers().stream().map(Descriptor::digest).toList();
    Inputs inputs = composing.store().inputs();
    PulledLayers pulled =
        new PulledLayers(
            registry(input.image()), platform, inputs.folder(), progress, composing.needRoom());
    try (KeyedLocks.Held _ =
            composing.locks().lock(layers.stream().map(layer -> "layer " + layer).toList());
        Inputs.Use _ = inputs.use(layers);
        pulled) {
      return work.use(pulled);
    } finally {
      downloaded += pulled.downloaded();
    }
  }

  @Override
  public void layer(Input input, Arch arch, int index, Path to) throws IOException {
    layers(
        input,
        arch,
        pulled -> {
          var layer = pulled.fetch(index);
          layer.arrival().awaitWhole();
          return Files.copy(layer.file(), to);
        });
  }

  @Override
  public <T> T aside(Input input, Aside<T> work) throws IOException {
    try (KeyedLocks.Held _ = composing.locks().lock(List.of(input.digest().toString()));
        Ingest ingest = composing.store().ingest(input.digest())) {
      return work.in(ingest.work());
    }
  }

  @Override
  public BaseFiles base(Ground ground, Path out) throws IOException {
    Input base = ground.base();
    Wanted wanted = new Wanted(ground.arch(), BootPaths.KNOWN_LAYOUTS, ground.version());
    if (ground.tools()) {
      return unpack(
          base,
          ground.arch(),
          out,
          (layers, folder, told) -> BaseFileExtractor.extract(layers, wanted, folder, told));
    }
    Optional<BootFiles> held = held(base, ground.arch(), out);
    BootFiles boot =
        held.isPresent()
            ? held.get()
            : unpack(
                base,
                ground.arch(),
                out,
                (layers, folder, told) ->
                    composing.access().extraction().extract(layers, wanted, folder, told));
    return new BaseFiles(boot, null, null, "", null);
  }

  /** A base that a channel follows is here already. */
  private Optional<BootFiles> held(Input base, Arch arch, Path out) throws IOException {
    Build build =
        composing
            .store()
            .release(base.digest())
            .filter(release -> release.content() == Content.BOOT)
            .map(release -> release.builds().get(arch))
            .orElse(null);
    if (build == null
        || !build.assets().containsKey(AssetName.VMLINUZ)
        || !build.assets().containsKey(AssetName.INITRAMFS)) {
      return Optional.empty();
    }
    progress.step("extract", "base " + base.name() + " is held for " + arch.id());
    Files.createDirectory(out);
    Map<AssetName, BootFiles.Found> files = new HashMap<>();
    for (Asset asset : build.assets().values()) {
      if (asset.name() instanceof AssetName.Boot && asset.name() != AssetName.RECORD) {
        Path link = out.resolve(asset.name().fileName());
        if (!isLinked(link, asset)) {
          Disk.deleteTree(out);
          return Optional.empty();
        }
        files.put(
            asset.name(),
            new BootFiles.Found(link, asset.size(), asset.digest(), "release " + base.digest()));
      }
    }
    return Optional.of(
        new BootFiles(
            build.content(),
            arch,
            build.layout(),
            build.talosVersion(),
            build.kernelRelease(),
            build.extensions(),
            build.uki(),
            List.of(),
            files));
  }

  /** Whether the file is there, and right: where it is not, the scrub will find that too. */
  private static boolean isLinked(Path link, Asset asset) throws IOException {
    try {
      Files.createLink(link, asset.file());
    } catch (NoSuchFileException e) {
      return false;
    }
    return Digest.ofFile(link).equals(asset.digest());
  }

  @Override
  public void needRoom(long bytes) {
    composing.needRoom().accept(bytes);
  }

  /** Where something was pulled, leaves no more than is kept. */
  void trim() {
    try {
      if (downloaded > 0) {
        composing.store().inputs().trim(Inputs.MOST_BYTES);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cache inputs=untrimmed why=\"" + e + "\"");
    }
  }

  /** The digest of an input for each architecture that was asked for. */
  Map<Arch, Digest> manifests(Input input, List<Arch> arches) {
    Map<Arch, Digest> manifests = new EnumMap<>(Arch.class);
    arches.forEach(arch -> manifests.put(arch, platform(input, arch).manifest()));
    return manifests;
  }

  @Override
  public void close() {
    open.values().forEach(Registry::close);
  }
}
