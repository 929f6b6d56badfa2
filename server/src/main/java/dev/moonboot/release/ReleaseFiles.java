package dev.moonboot.release;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
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
  private static final String CHECKSUM = ".sha256";

  private final Release release;
  private final Map<String, Asset> paths = new HashMap<>();
  private final Map<Arch, String> cmdlines = new EnumMap<>(Arch.class);

  /**
   * @throws UncheckedIOException when a command line cannot be read
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

  Optional<String> cmdline(Arch arch) {
    return Optional.ofNullable(cmdlines.get(arch));
  }

  /** Every path that {@link #lookup} knows. */
  Set<String> paths() {
    Set<String> all = new HashSet<>(paths.keySet());
    paths.keySet().forEach(path -> all.add(path + CHECKSUM));
    return all;
  }

  /**
   * What a path below the release's folder means; null when the release has no such file.
   *
   * @param channel below whose name it was asked for
   * @param immutable whether it was asked for by digest
   */
  @Nullable AssetLookup lookup(String channel, String path, boolean immutable) {
    // A file of an image may be called so itself.
    boolean checksum = path.endsWith(CHECKSUM) && !paths.containsKey(path);
    String file = checksum ? path.substring(0, path.length() - CHECKSUM.length()) : path;
    Asset asset = paths.get(file);
    if (asset == null) {
      return null;
    }
    String folder = "/assets/" + Releases.FOLDER + channel + "/" + release.digest().fileName();
    Found found = new Found(asset, release, immutable, folder + "/" + file);
    String name = file.substring(file.lastIndexOf('/') + 1);
    return checksum ? new Checksum(found, asset.digest().hex() + "  " + name + "\n") : found;
  }
}
