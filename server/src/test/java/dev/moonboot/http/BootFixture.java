package dev.moonboot.http;

import static dev.moonboot.assets.AssetName.CMDLINE;
import static dev.moonboot.assets.AssetName.INITRAMFS;
import static dev.moonboot.assets.AssetName.RECORD;
import static dev.moonboot.assets.AssetName.UKI;
import static dev.moonboot.assets.AssetName.VMLINUZ;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.ignition.Translator;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.secret.MachineConfigs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A boot listener on a free port over a folder of its own, with the channels custom and empty. */
public final class BootFixture implements AutoCloseable {
  static final HttpLimits LIMITS = HttpLimits.DEFAULT;

  final Path data;
  final Releases releases;
  final Meters meters = new Meters();
  final BootSubjects subjects;
  final BootListener listener;

  private BootFixture(
      Path data, HttpLimits limits, MatchboxWays ways, SigningConfig signing, Translator butane)
      throws IOException {
    this.data = data;
    Files.createDirectories(data.resolve("assets"));
    Files.createDirectories(data.resolve("blobs"));
    this.releases = new Releases(List.of(channel("custom"), channel("empty")), "custom");
    Supplier<Catalog> catalog = new CatalogReader(data)::read;
    this.subjects =
        BootSubjects.of(
            new BootPlanner(catalog, releases, List.of()),
            ReleasePaths.of(releases),
            new Provisioner(catalog, UnknownNodes.DEFAULT, butane, ways),
            MachineConfigs.none(),
            ways,
            signing);
    this.listener =
        new BootListener(
            new HttpConfig(loopback(), data.resolve("assets"), limits),
            subjects,
            new Ready(releases),
            meters,
            new BootLog());
  }

  /** Over {@code data}, with the defaults. */
  public static BootFixture start(Path data) throws IOException {
    return start(data, LIMITS);
  }

  static BootFixture start(Path data, HttpLimits limits) throws IOException {
    return start(
        new BootFixture(data, limits, MatchboxWays.NONE, SigningConfig.NONE, Translator.none()));
  }

  static BootFixture start(Path data, MatchboxWays ways) throws IOException {
    return start(data, ways, SigningConfig.NONE);
  }

  static BootFixture start(Path data, MatchboxWays ways, SigningConfig signing) throws IOException {
    return start(data, ways, signing, Translator.none());
  }

  static BootFixture start(Path data, MatchboxWays ways, SigningConfig signing, Translator butane)
      throws IOException {
    return start(new BootFixture(data, LIMITS, ways, signing, butane));
  }

  private static BootFixture start(BootFixture fixture) {
    fixture.listener.start();
    return fixture;
  }

  /** The defaults with everything that waits cut down to {@code wait}. */
  static HttpLimits hasty(Duration wait) {
    return new HttpLimits(
        wait, wait, wait, wait, wait.multipliedBy(4), 4096, 1024, 16, 100, 256, wait);
  }

  static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static Channel channel(String name) {
    return new Channel(
        name,
        new ImageReference(new SourceImage.Repository("127.0.0.1:5000", name), "latest", null),
        List.of(Arch.ARM64));
  }

  /** Waits until the condition holds, which it has to within seconds. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  public InetSocketAddress address() {
    return listener.address();
  }

  /** Puts a release with these files at the head of the channel custom. */
  Release publish(Map<AssetName, byte[]> files) throws IOException {
    Map<AssetName, Asset> assets = new HashMap<>();
    for (var file : files.entrySet()) {
      Digest digest = Digest.of(file.getValue());
      Path blob = data.resolve("blobs").resolve(digest.fileName());
      Files.write(blob, file.getValue());
      assets.put(
          file.getKey(),
          new Asset(file.getKey(), Arch.ARM64, blob, file.getValue().length, digest));
    }
    Release release =
        new Release(
            Digest.of(files.toString().getBytes(UTF_8)),
            "127.0.0.1:5000/custom:latest",
            Map.of(
                Arch.ARM64,
                new Build(
                    Digest.of(new byte[0]),
                    List.of(),
                    "plain pair",
                    "v1.0.0",
                    "6.1",
                    List.of(),
                    assets)),
            Instant.EPOCH);
    releases.advance("custom", List.of(release));
    return release;
  }

  /** A release of a few bytes. */
  Release publish() throws IOException {
    return publish(
        Map.of(
            VMLINUZ, "0123456789".getBytes(UTF_8),
            INITRAMFS, "initramfs".getBytes(UTF_8),
            CMDLINE, "console=ttyS0\n".getBytes(UTF_8),
            UKI, "MZ uki".getBytes(UTF_8),
            RECORD, "{}".getBytes(UTF_8)));
  }

  /** Where an asset's bytes are. */
  static Path blob(Release release, AssetName name) {
    return release.asset(Arch.ARM64, name).orElseThrow().file();
  }

  /** Writes a static file below the assets folder. */
  Path file(String name, String text) throws IOException {
    Path file = data.resolve("assets").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Makes a profile that every node matches. */
  void profile(String kernel, String args) throws IOException {
    Files.createDirectories(data.resolve("groups"));
    Files.createDirectories(data.resolve("profiles"));
    Files.writeString(data.resolve("groups/all.json"), "{\"id\":\"all\",\"profile\":\"talos\"}");
    Files.writeString(
        data.resolve("profiles/talos.json"),
        """
        {"id":"talos","boot":{"kernel":"%s","args":[%s]}}
        """
            .formatted(kernel, args));
  }

  @Override
  public void close() {
    listener.close();
  }

  private record Ready(Releases releases) implements Health {
    @Override
    public List<Check> live() {
      return List.of();
    }

    @Override
    public List<Check> ready() {
      return List.of(
          new Check("channel custom", releases.head("custom").isPresent(), "a secret reason"));
    }
  }
}
