package dev.moonboot.release;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.release.AssetLookup.Checksum;
import dev.moonboot.release.AssetLookup.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one release has, by every path below its folder; worked out when this is made. */
final class ReleaseFiles {
  private static final String SHA256 = ".sha256";
  private static final String SHA512 = ".sha512";

  private final Release release;
  private final Map<String, Asset> paths = new HashMap<>();
  private final Map<Digest, String> sha512 = new HashMap<>();
  private final Map<Arch, String> cmdlines = new EnumMap<>(Arch.class);

  /**
   * @throws UncheckedIOException when a command line, or a list of sums, cannot be read
   */
  ReleaseFiles(Release release) {
    this.release = release;
    release
        .builds()
        .forEach((arch, build) -> {
          build.assets().forEach((name, asset) -> add(AssetSpellings.of(name, arch), asset));
          release
              .asset(arch, AssetName.CMDLINE)
              .ifPresent(asset -> cmdlines.put(arch, cmdline(asset)));
          release
              .asset(arch, ReleaseTexts.SHA512)
              .ifPresent(list -> sha512.putAll(Sha512List.read(list, build)));
        });
  }

  private void add(List<String> spellings, Asset asset) {
    spellings.forEach(path -> paths.put(path, asset));
  }

  private String cmdline(Asset asset) {
    try {
      return Files.readString(asset.file()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "command line of release " + release.digest() + " for " + asset.arch().id(), e);
    }
  }

  Release release() {
    return release;
  }

  /** How the folder of the release is called. */
  String folder() {
    return release.digest().fileName();
  }

  /** Whether the release was made for that architecture. */
  boolean isFor(Arch arch) {
    return release.builds().containsKey(arch);
  }

  Optional<String> cmdline(Arch arch) {
    return Optional.ofNullable(cmdlines.get(arch));
  }

  /** Every path that {@link #lookup} knows. */
  Set<String> paths() {
    Set<String> all = new HashSet<>(paths.keySet());
    paths.forEach((path, asset) -> {
      all.add(path + SHA256);
      if (sha512.containsKey(asset.digest())) {
        all.add(path + SHA512);
      }
    });
    return all;
  }

  /**
   * What a path below the release's folder means; null when the release has no such file.
   *
   * @param channel below whose name it was asked for
   * @param immutable whether it was asked for by digest
   */
  @Nullable AssetLookup lookup(String channel, String path, boolean immutable) {
    Asset whole = paths.get(path); // a file of an image may be called so itself
    if (whole != null) {
      return found(channel, path, immutable, whole);
    }
    boolean wide = path.endsWith(SHA512);
    if (!wide && !path.endsWith(SHA256)) {
      return null;
    }
    String file = path.substring(0, path.length() - SHA256.length());
    Asset asset = paths.get(file);
    String sum = asset == null ? null : wide ? sha512.get(asset.digest()) : asset.digest().hex();
    if (asset == null || sum == null) {
      return null;
    }
    String name = file.substring(file.lastIndexOf('/') + 1);
    return new Checksum(found(channel, file, immutable, asset), sum + "  " + name + "\n");
  }

  private Found found(String channel, String file, boolean immutable, Asset asset) {
    String folder = "/assets/" + Releases.FOLDER + channel + "/" + release.digest().fileName();
    return new Found(asset, release, immutable, folder + "/" + file);
  }
}
