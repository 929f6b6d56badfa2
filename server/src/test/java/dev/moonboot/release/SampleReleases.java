package dev.moonboot.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Releases with small files, for tests. */
public final class SampleReleases {
  private final Path folder;

  /**
   * @param folder where the files are written
   */
  public SampleReleases(Path folder) {
    this.folder = folder;
  }

  /** A channel of that name for both architectures. */
  public static Channel channel(String name) {
    return channel(name, Arch.AMD64, Arch.ARM64);
  }

  /** A channel whose images hold something else than what nodes boot. */
  public static Channel channel(String name, Content content, Arch... arches) {
    var image =
        new ImageReference(new SourceImage.Repository("r.example", content.id()), "demo", null);
    return new Channel(name, image, List.of(arches), content);
  }

  public static Channel channel(String name, Arch... arches) {
    var image = new ImageReference(new SourceImage.Repository("r.example", "talos"), "demo", null);
    return new Channel(name, image, List.of(arches));
  }

  /**
   * A release with kernel, initramfs, command line and record; each file says what it is.
   *
   * @param seed other seeds give other digests
   * @param arches what it has been built for
   */
  public Release release(String seed, Arch... arches) {
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    for (Arch arch : arches) {
      Map<AssetName, Asset> assets = new HashMap<>();
      for (AssetName name :
          List.of(AssetName.VMLINUZ, AssetName.INITRAMFS, AssetName.CMDLINE, AssetName.RECORD)) {
        String content =
            name == AssetName.CMDLINE
                ? "talos.platform=metal seed=%s arch=%s\n".formatted(seed, arch.id())
                : seed + " " + name.flatName(arch);
        assets.put(name, asset(name, arch, content));
      }
      builds.put(
          arch,
          new Build(
              Digest.of((seed + arch).getBytes(UTF_8)),
              List.of(),
              "plain pair",
              "v1.13." + seed.length(),
              "",
              List.of(),
              assets));
    }
    return new Release(
        Digest.of(seed.getBytes(UTF_8)), "r.example/talos:demo", builds, Instant.EPOCH);
  }

  /** A release of files of an image, each of which says what it is. */
  public Release files(String seed, Content content, Arch arch, String... paths) {
    Map<AssetName, Asset> assets = new HashMap<>();
    assets.put(AssetName.RECORD, asset(AssetName.RECORD, arch, seed + " record"));
    for (String path : paths) {
      assets.put(AssetName.file(path), asset(AssetName.file(path), arch, seed + " " + path));
    }
    Build build =
        new Build(
            content,
            Digest.of((seed + arch).getBytes(UTF_8)),
            List.of(),
            "sample",
            "",
            "",
            List.of(),
            null,
            assets);
    return new Release(
        Digest.of(seed.getBytes(UTF_8)),
        "r.example/" + content.id() + ":demo",
        Map.of(arch, build),
        Instant.EPOCH);
  }

  /** The same release, let in without a signature by a policy that only warns. */
  public static Release unsigned(Release release, String warning) {
    Admission admission = new Admission(Admission.Mode.WARN, "r.example/*", null, warning);
    return new Release(
        release.digest(), release.source(), release.builds(), release.created(), admission);
  }

  private Asset asset(AssetName name, Arch arch, String content) {
    byte[] bytes = content.getBytes(UTF_8);
    Digest digest = Digest.of(bytes);
    try {
      Path file = Files.write(folder.resolve(digest.fileName()), bytes);
      return new Asset(name, arch, file, bytes.length, digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
