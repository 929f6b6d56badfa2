package dev.moonboot.tftp;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.firmware.Loaders;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.AssetLookup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A listener on loopback with loaders and assets of a temporary folder. */
final class Served implements AutoCloseable {
  final Meters meters = new Meters();
  final BootLog boots = new BootLog();
  final TftpListener listener;

  /** How many files of releases are on their way. */
  final AtomicInteger uses = new AtomicInteger();

  private final Map<String, AssetLookup> assets = new ConcurrentHashMap<>();
  private final Path folder;
  private volatile Runnable lookedUp = () -> {};

  private Served(Path folder, UnaryOperator<TftpConfig> settings, Sockets sockets) {
    this.folder = folder;
    var config = TftpConfig.at(new InetSocketAddress(TestClient.LOOPBACK, 0));
    this.listener =
        TftpListener.open(
            settings.apply(config),
            new TftpTree(
                (_, _) -> Optional.empty(), Loaders.of(folder.resolve("loaders")), new Assets()),
            meters,
            boots,
            sockets);
  }

  /** As where the library for epoll does not load. */
  static Served withoutEpoll(Path folder) {
    return over(new Sockets(false), folder);
  }

  static Served over(Sockets sockets, Path folder) {
    return new Served(folder, UnaryOperator.identity(), sockets);
  }

  static Served in(Path folder) {
    return in(folder, UnaryOperator.identity());
  }

  static Served in(Path folder, UnaryOperator<TftpConfig> settings) {
    return new Served(folder, settings, new Sockets());
  }

  /** Bytes that look like nothing else, the same for the same arguments. */
  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Makes {@code path} an asset of these bytes, from now on. */
  Path asset(String path, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    Path file = folder.resolve(digest.fileName());
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assets.put(
        path, found(path, new Asset(AssetName.VMLINUZ, Arch.ARM64, file, bytes.length, digest)));
    return file;
  }

  /** Does this whenever a name is looked up, before it is known what it means. */
  void whenLookedUp(Runnable what) {
    lookedUp = what;
  }

  /** Makes {@code path} mean this. */
  void answer(String path, AssetLookup answer) {
    assets.put(path, answer);
  }

  static AssetLookup.Found found(String path, Asset asset) {
    return new AssetLookup.Found(asset, release(asset), true, path);
  }

  private static Release release(Asset asset) {
    var build =
        new Build(
            asset.digest(), List.of(), "test", "", "", List.of(), Map.of(asset.name(), asset));
    return new Release(asset.digest(), "test", Map.of(asset.arch(), build), Instant.EPOCH);
  }

  private final class Assets implements AssetPaths {
    @Override
    public AssetLookup lookup(String path, String client) {
      lookedUp.run();
      return assets.getOrDefault(path, new AssetLookup.NotOurs());
    }

    @Override
    public dev.moonboot.release.Served.Use begin(Digest release) {
      uses.incrementAndGet();
      return uses::decrementAndGet;
    }
  }

  TestClient client() throws IOException {
    return TestClient.of(listener);
  }

  @Override
  public void close() {
    listener.close();
  }
}
