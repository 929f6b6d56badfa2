package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.factory.Factory;
import dev.moonboot.factory.FactoryConfig;
import dev.moonboot.factory.Listing;
import dev.moonboot.ignition.Translator;
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
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.KernelFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** A boot listener that is an Image Factory, of which the composing is played. */
final class FactoryFixture implements AutoCloseable {
  final Releases releases = new Releases(List.of(), null);
  final List<Channel> made = new CopyOnWriteArrayList<>();

  /** Who composes takes one first: none are there until somebody says so. */
  final Semaphore permits = new Semaphore(0);

  volatile Function<Channel, Fetched> making = this::make;
  final Factory factory;
  final BootListener listener;

  private final Path folder;

  FactoryFixture(Path folder, Map<String, String> settings) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("blobs"));
    Map<String, String> all = new HashMap<>(Map.of("enabled", "true"));
    all.putAll(settings);
    FactoryConfig config =
        FactoryConfig.read(
                ConfigReader.of(all, new ConfigProblems()),
                new Kind<>("an image", AssetCache::parse, Object::toString))
            .orElseThrow();
    factory =
        new Factory(
            config,
            folder.resolve("factory"),
            new Factory.Ground(
                AssetCache::parse,
                this::waited,
                releases::release,
                () -> List.of("latest", "v1.13.9", "v1.13.10", "v1.14.0-beta.0", "sha256-x.sig"),
                FactoryFixture::listed));
    factory.start();
    listener = listener(folder, factory);
    BootFixture.await("versions", () -> status("/versions") == 200);
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
    Fetched fetched = making.apply(channel);
    if (fetched instanceof Fetched.Held(var release)) {
      releases.offer(release);
    }
    return fetched;
  }

  private Fetched make(Channel channel) {
    Composition composition = ((SourceImage.Composed) channel.image().source()).of();
    Arch arch = channel.arches().getFirst();
    Map<AssetName, Asset> assets = new HashMap<>();
    put(
        assets,
        arch,
        AssetName.VMLINUZ,
        arch == Arch.AMD64
            ? KernelFixture.bzImage("6.18.9-talos")
            : KernelFixture.arm64Image("6.18.9-talos"));
    put(
        assets,
        arch,
        AssetName.INITRAMFS,
        InitramfsFixture.zstd(InitramfsFixture.base(arch, 10_000, 1)));
    String cmdline =
        "talos.platform="
            + composition.platform()
            + " "
            + String.join(" ", composition.arguments());
    put(assets, arch, AssetName.CMDLINE, (cmdline.strip() + "\n").getBytes(UTF_8));
    if (composition.outputs().contains(Composition.Output.UKI)) {
      put(assets, arch, AssetName.UKI, "MZ uki".getBytes(UTF_8));
    }
    return new Fetched.Held(
        new Release(
            Digest.of(channel.toString().getBytes(UTF_8)),
            "build:" + composition.name(),
            Map.of(
                arch,
                new Build(
                    Digest.of(new byte[0]),
                    List.of(),
                    "composed",
                    "v1.13.9",
                    "6.18.9-talos",
                    List.of(),
                    assets)),
            Instant.EPOCH));
  }

  private void put(Map<AssetName, Asset> assets, Arch arch, AssetName name, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    Path blob = folder.resolve("blobs").resolve(digest.fileName());
    try {
      Files.write(blob, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assets.put(name, new Asset(name, arch, blob, bytes.length, digest));
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
    listener.close();
    factory.close();
  }
}
