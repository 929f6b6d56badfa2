package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheSettings;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.factory.Factory;
import dev.moonboot.factory.FactoryConfig;
import dev.moonboot.factory.Listing;
import dev.moonboot.ignition.Translator;
import dev.moonboot.installer.InstallerImages;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.installer.ReleaseSignatures;
import dev.moonboot.journal.BootLog;
import dev.moonboot.json.Json;
import dev.moonboot.metrics.Meters;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.secret.MachineConfigs;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A boot listener that is an Image Factory: it composes of small images in a registry of its own,
 * one after the other as a test lets it.
 */
final class FactoryFixture implements AutoCloseable {
  static final List<String> VERSIONS = List.of("v1.13.9", "v1.13.10");

  final FakeRegistry registry = FakeRegistry.startPlain();

  final Releases releases = new Releases(List.of(), null);
  final List<Channel> made = new CopyOnWriteArrayList<>();

  /** Who composes takes one first: none are there until somebody says so. */
  final Semaphore permits = new Semaphore(0);

  volatile Function<Channel, Fetched> making = this::make;
  final Factory factory;
  final BootListener listener;

  private final AssetCache cache;
  private final ReleaseSignatures signatures;

  FactoryFixture(Path folder, Map<String, String> settings) throws IOException {
    this(folder, settings, null);
  }

  /**
   * @param key what signs; null when nothing is signed
   */
  FactoryFixture(Path folder, Map<String, String> settings, @Nullable SigningKey key)
      throws IOException {
    Files.createDirectories(folder.resolve("state"));
    VERSIONS.forEach(this::push);
    cache =
        AssetCache.open(
            CacheSettings.unchecked(
                folder.resolve("cache"), folder.resolve("state"), registry.settings(), 1));
    Map<String, String> all =
        new HashMap<>(Map.of("enabled", "true", "base", registry.address() + "/siderolabs/imager"));
    all.putAll(settings);
    FactoryConfig config =
        FactoryConfig.read(
                ConfigReader.of(all, new ConfigProblems()),
                new Kind<>("an image", AssetCache::parse, Object::toString))
            .orElseThrow();
    signatures =
        key == null
            ? ReleaseSignatures.none()
            : ReleaseSignatures.open(key, folder.resolve("state"));
    releases.prepare(signatures::add);
    releases.watch(() -> signatures.sign(releases::held));
    factory =
        new Factory(
            config,
            folder.resolve("factory"),
            new Factory.Ground(
                AssetCache::parse,
                this::waited,
                this::held,
                () -> List.of("latest", "v1.13.9", "v1.13.10", "v1.14.0-beta.0", "sha256-x.sig"),
                FactoryFixture::listed));
    factory.start();
    listener = listener(folder, factory);
    BootFixture.await("versions", () -> status("/versions") == 200);
  }

  private void push(String version) {
    var content = new TestImages.Content(version, "6.18.9-talos", "as built", List.of(), 10_000, 1);
    registry.push("siderolabs/imager", version, TestImages.imager(content));
    registry.push("siderolabs/installer-base", version, TestImages.installer(content));
  }

  private BootListener listener(Path root, Factory of) throws IOException {
    var catalog = new CatalogReader(Files.createDirectories(root.resolve("data")));
    BootListener made =
        new BootListener(
            new HttpConfig(BootFixture.loopback(), root, HttpLimits.DEFAULT),
            BootSubjects.of(
                    new BootPlanner(catalog::read, releases, List.of()),
                    ReleasePaths.of(releases),
                    new Provisioner(
                        catalog::read, UnknownNodes.DEFAULT, Translator.none(), MatchboxWays.NONE),
                    MachineConfigs.none(),
                    MatchboxWays.NONE,
                    SigningConfig.NONE)
                .with(
                    new InstallerImages(
                        new InstallerRepositories(releases, signatures, of), signatures))
                .with(of),
            new NoChecks(),
            new Meters(),
            new BootLog());
    made.start();
    return made;
  }

  private record NoChecks() implements Health {
    @Override
    public List<Check> live() {
      return List.of();
    }

    @Override
    public List<Check> ready() {
      return List.of();
    }
  }

  InetSocketAddress address() {
    return listener.address();
  }

  int status(String target) {
    try {
      return RawClient.get(address(), target).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer once it is no longer to be waited for. */
  RawClient.Answer ready(String target) throws IOException {
    BootFixture.await(target, () -> status(target) != 503);
    return RawClient.get(address(), target);
  }

  RawClient.Answer post(String schematic) throws IOException {
    byte[] bytes = schematic.getBytes(UTF_8);
    try (RawClient client = RawClient.connect(address())) {
      client.request("POST", "/schematics", "Content-Length: " + bytes.length);
      client.send(new String(bytes, ISO_8859_1));
      return client.read("POST");
    }
  }

  private Fetched waited(Channel channel) {
    made.add(channel);
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Fetched.Failed(Refresh.Trouble.BUSY, "stopped", null);
    }
    return making.apply(channel);
  }

  private Fetched make(Channel channel) {
    Fetched fetched = cache.fetch(channel, Progress.NONE);
    if (fetched instanceof Fetched.Held(var release)) {
      releases.offer(release);
    }
    return fetched;
  }

  private Optional<Release> held(Digest digest) {
    Optional<Release> held = cache.release(digest);
    if (held.isPresent() && releases.release(digest).isEmpty()) {
      releases.offer(held.get());
    }
    return held;
  }

  private static Json.Arr listed(Listing.Kind kind, String version) {
    if (version.equals("v1.13.10")) {
      throw new IllegalStateException("catalog " + kind + ": not there");
    }
    return new Json.Arr(
        List.of(new Json.Obj(Map.of("name", new Json.Str(kind + " of " + version)))));
  }

  @Override
  public void close() {
    factory.letGo();
    listener.close();
    factory.close();
    cache.close();
    registry.close();
  }
}
