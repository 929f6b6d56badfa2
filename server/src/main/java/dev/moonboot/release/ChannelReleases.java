package dev.moonboot.release;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.release.AssetLookup.Checksum;
import dev.moonboot.release.AssetLookup.Found;
import dev.moonboot.release.AssetLookup.Missing;
import dev.moonboot.release.AssetLookup.NotReady;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One channel's releases at one moment. Every path is worked out when this is made, so that looking
 * one up is a single step.
 */
final class ChannelReleases {
  private static final String CHECKSUM = ".sha256";

  private record Build(Digest release, Arch arch) {}

  private final Channel channel;
  private final List<Release> newestFirst;
  private final Map<String, AssetLookup> paths = new HashMap<>();
  private final Map<Build, String> cmdlines = new LinkedHashMap<>();

  /**
   * @param newestFirst the head first; empty while there is none
   * @throws UncheckedIOException when a command line cannot be read
   */
  ChannelReleases(Channel channel, List<Release> newestFirst) {
    this.channel = channel;
    this.newestFirst = List.copyOf(newestFirst);
    if (newestFirst.isEmpty()) {
      addNotReady();
    }
    for (Release release : newestFirst) {
      addPaths(release, release.equals(newestFirst.getFirst()));
      release.builds().keySet().forEach(arch -> addCmdline(release, arch));
    }
  }

  /** The same with the head and, of the older releases, those of {@code held}. */
  ChannelReleases keeping(Set<Digest> held) {
    Optional<Digest> head = head().map(Release::digest);
    List<Release> kept =
        newestFirst.stream()
            .filter(r -> held.contains(r.digest()) || head.equals(Optional.of(r.digest())))
            .toList();
    return kept.size() == newestFirst.size() ? this : new ChannelReleases(channel, kept);
  }

  private void addNotReady() {
    NotReady notReady = new NotReady(channel.name());
    for (Arch arch : channel.arches()) {
      for (AssetName name : AssetName.values()) {
        for (String path : AssetSpellings.of(name, arch)) {
          paths.put(path, notReady);
          paths.put(path + CHECKSUM, notReady);
        }
      }
    }
  }

  private void addPaths(Release release, boolean isHead) {
    String folder = release.digest().fileName() + "/";
    for (Arch arch : release.builds().keySet()) {
      for (AssetName name : AssetName.values()) {
        for (String path : AssetSpellings.of(name, arch)) {
          release
              .asset(arch, name)
              .ifPresent(asset -> {
                String immutable =
                    "/assets/" + Releases.FOLDER + channel.name() + "/" + folder + path;
                add(folder + path, new Found(asset, release, true, immutable));
                if (isHead) {
                  add(path, new Found(asset, release, false, immutable));
                }
              });
        }
      }
    }
  }

  private void add(String path, Found found) {
    Asset asset = found.asset();
    String name = path.substring(path.lastIndexOf('/') + 1);
    paths.put(path, found);
    paths.put(path + CHECKSUM, new Checksum(found, asset.digest().hex() + "  " + name + "\n"));
  }

  private void addCmdline(Release release, Arch arch) {
    release
        .asset(arch, AssetName.CMDLINE)
        .ifPresent(asset -> {
          try {
            cmdlines.put(new Build(release.digest(), arch), Files.readString(asset.file()).strip());
          } catch (IOException e) {
            throw new UncheckedIOException(
                "command line of release " + release.digest() + " for " + arch.id(), e);
          }
        });
  }

  Optional<Release> head() {
    return newestFirst.stream().findFirst();
  }

  Optional<Release> release(Digest digest) {
    return newestFirst.stream().filter(release -> release.digest().equals(digest)).findFirst();
  }

  Optional<String> cmdline(Digest release, Arch arch) {
    return Optional.ofNullable(cmdlines.get(new Build(release, arch)));
  }

  /**
   * @param path below the channel's folder
   */
  AssetLookup lookup(String path) {
    AssetLookup known = paths.get(path);
    return known != null ? known : new Missing(channel.name(), whyMissing(path));
  }

  private String whyMissing(String path) {
    if (path.startsWith("sha256-")) {
      String held =
          newestFirst.stream().map(release -> release.digest().fileName()).collect(joining(", "));
      return "%s is not there; releases held: %s".formatted(path, held.isEmpty() ? "none" : held);
    }
    String arches = channel.arches().stream().map(Arch::id).collect(joining(", "));
    return "%s is not there; channel %s has the architectures %s"
        .formatted(path, channel.name(), arches);
  }
}
