package dev.moonboot.assets.cache;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.RecipeSource;
import dev.moonboot.assets.compose.InitramfsComposer;
import dev.moonboot.assets.extract.BootFileExtractor;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A cache that composes, a registry with a base and extensions, and a composition to be edited. */
final class ComposeLab implements AutoCloseable {
  static final String IMAGER = "siderolabs/imager";

  final FakeRegistry registry = FakeRegistry.startPlain();
  final ToyComposer composer = new ToyComposer();
  final AtomicLong nanos = new AtomicLong();
  AdmissionPolicy policy = AdmissionPolicy.OFF;
  RecipeSource locked = RecipeSource.NONE;
  Making making = Making.TOY;
  dev.moonboot.assets.build.Making.Composer real = InitramfsComposer::compose;
  long quota = CacheLimits.UNLIMITED;

  // The composition.
  String name = "compute";
  Base base;
  List<Part> extensions = new ArrayList<>();
  List<String> arguments = List.of();
  Set<Output> outputs = Set.of(Output.INITRAMFS);
  List<Arch> arches = List.of(Arch.AMD64);
  boolean strict;
  @Nullable ImageReference installerBase;
  Following following = Following.INPUTS;

  private final Path root;
  private AssetCache cache;

  /** Who composes. */
  enum Making {
    TOY,
    REAL
  }

  ComposeLab(Path root) {
    this.root = root;
    push(IMAGER, "v1.13.9", TestImages.imager(TestImages.Content.DEFAULT));
    push("acme/one", "v1", ExtensionImages.named("one", "v1.0.0"));
    push("acme/two", "v1", ExtensionImages.named("two", "v1.0.0"));
    push("acme/three", "v1", ExtensionImages.named("three", "v1.0.0"));
    base = new Base.Image(image(IMAGER, "v1.13.9"));
    extensions.addAll(List.of(part("acme/one"), part("acme/two"), part("acme/three")));
    cache = open();
  }

  AssetCache cache() {
    return cache;
  }

  private AssetCache open() {
    RegistrySettings settings = registry.settings();
    ImageAccess access =
        switch (making) {
          case TOY ->
              new ImageAccess(
                  source -> Registries.open(source, settings),
                  BootFileExtractor::extract,
                  composer);
          case REAL ->
              new ImageAccess(
                  source -> Registries.open(source, settings), BootFileExtractor::extract, real);
        };
    AssetCache opened =
        AssetCache.open(
            new CacheSettings(root, CacheFixture.state(root), settings, 1, policy)
                .with(new BuildSettings(locked, 2)),
            access,
            new CacheLimits(1, quota, 0, nanos::get));
    opened.roots(() -> new Roots(Set.of("compute", "talos"), Set.of(), Set.of()));
    return opened;
  }

  void reopen() {
    cache.close();
    cache = open();
  }

  Digest push(String repository, String tag, TestImage image) {
    return registry.push(repository, tag, image);
  }

  ImageReference image(String repository, String tag) {
    return registry.reference(repository, tag);
  }

  Part part(String repository) {
    return new Part.Image(image(repository, "v1"));
  }

  Composition composition() {
    return Composition.of(name, base)
        .extensions(extensions)
        .arguments(arguments)
        .installerBase(installerBase)
        .outputs(outputs)
        .strict(strict)
        .following(following)
        .build();
  }

  Channel channel() {
    return new Channel(
        name, new ImageReference(new SourceImage.Composed(composition()), null, null), arches);
  }

  /** Looks at its channel once. */
  Refresh look() {
    return CacheFixture.refresh(cache, channel());
  }

  /** The same, where that is to bring a new head. */
  Release updated() {
    return assertInstanceOf(Refresh.Updated.class, look()).head();
  }

  Optional<Digest> head() {
    return cache.head(channel()).map(Release::digest);
  }

  /** A channel of the plain base. */
  Channel plain() {
    return new Channel("talos", image(IMAGER, "v1.13.9"), arches);
  }

  /** How often a blob of that repository was asked for. */
  long pulls(String repository) {
    return registry.requests(Kind.BLOB).stream()
        .filter(request -> request.path().startsWith("/v2/" + repository + "/"))
        .count();
  }

  @Override
  public void close() {
    cache.close();
    registry.close();
  }
}
