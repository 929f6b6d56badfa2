package dev.moonboot.release;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that can be booted at one moment, and who is to boot what. Immutable.
 *
 * @param channels by name
 * @param held everything that can be asked for by digest, whatever channel brought it, by the name
 *     of its folder ({@code sha256-<hex>})
 * @param damaged what is held and cannot be served for now
 */
record Serving(
    Map<String, ChannelReleases> channels,
    Map<String, ReleaseFiles> held,
    Set<Digest> damaged,
    Decisions decisions) {
  Serving {
    channels = Map.copyOf(channels);
    held = Map.copyOf(held);
    damaged = Set.copyOf(damaged);
  }

  Optional<ChannelReleases> channel(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  /** The release's files, unless it is damaged. */
  @Nullable ReleaseFiles files(Digest release) {
    return damaged.contains(release) ? null : held.get(release.fileName());
  }

  /** The same with another head, or other releases, of a channel. */
  Serving with(ChannelReleases channel) {
    Map<String, ChannelReleases> nextChannels = new HashMap<>(channels);
    nextChannels.put(channel.channel().name(), channel);
    Map<String, ReleaseFiles> nextHeld = new HashMap<>(held);
    channel.files().forEach(files -> nextHeld.put(files.folder(), files));
    return new Serving(nextChannels, nextHeld, damaged, decisions);
  }

  Serving with(Decisions next) {
    return new Serving(channels, held, damaged, next);
  }

  Serving with(ReleaseFiles files) {
    Map<String, ReleaseFiles> nextHeld = new HashMap<>(held);
    nextHeld.put(files.folder(), files);
    return new Serving(channels, nextHeld, damaged, decisions);
  }

  Serving damaged(Set<Digest> next) {
    return new Serving(channels, held, next, decisions);
  }

  /** The same with the heads, and of all others only these; each as it is now. */
  Serving keeping(Collection<ReleaseFiles> all) {
    Map<String, ReleaseFiles> nextHeld = new HashMap<>();
    all.forEach(files -> nextHeld.put(files.folder(), files));
    Map<String, ReleaseFiles> known = Map.copyOf(nextHeld);
    Map<String, ChannelReleases> nextChannels = new HashMap<>();
    channels.forEach((name, releases) -> {
      ChannelReleases kept = releases.keeping(known);
      nextChannels.put(name, kept);
      kept.files().forEach(files -> nextHeld.putIfAbsent(files.folder(), files));
    });
    return new Serving(nextChannels, nextHeld, damaged, decisions);
  }

  /** What a profile boots; empty when that cannot be served now. */
  Optional<Effective> effective(String profile, String channel) {
    Pin pin = decisions.pins().get(profile);
    return pin != null
        ? servable(pin.release()).map(release -> new Effective(release, Effective.By.PIN))
        : channel(channel)
            .flatMap(ChannelReleases::head)
            .filter(head -> !damaged.contains(head.digest()))
            .map(head -> new Effective(head, Effective.By.CHANNEL));
  }

  private Optional<Release> servable(Digest digest) {
    return Optional.ofNullable(files(digest)).map(ReleaseFiles::release);
  }

  /**
   * What a path below a channel's folder means to one client.
   *
   * @param folder the channel's name as it stands in the path
   * @param path below that folder
   * @param told the release that the client was last told to boot of a channel
   */
  AssetLookup lookup(String folder, String path, Function<String, Optional<Digest>> told) {
    if (path.startsWith("sha256-")) {
      return byDigest(folder, path);
    }
    ChannelReleases channel = channels.get(folder);
    if (channel == null) {
      return new AssetLookup.NotOurs();
    }
    AssetLookup found =
        told.apply(folder)
            .map(last -> in(last, channel, path))
            .orElseGet(() -> channel.lookup(path));
    boolean isDamaged =
        file(found).filter(of -> damaged.contains(of.release().digest())).isPresent();
    return isDamaged ? new AssetLookup.NotReady(folder) : found;
  }

  /**
   * What the path means to who was told to boot that release: never a file of the head that would
   * come to other files of the release. Of an architecture that it has not, somebody else asks.
   */
  private AssetLookup in(Digest told, ChannelReleases channel, String path) {
    if (damaged.contains(told)) {
      return new AssetLookup.NotReady(channel.channel().name());
    }
    ReleaseFiles files = held.get(told.fileName());
    if (files == null) {
      return channel.lookup(path);
    }
    AssetLookup found = files.lookup(channel.channel().name(), path, false);
    if (found != null) {
      return found;
    }
    AssetLookup ofHead = channel.lookup(path);
    return file(ofHead).filter(of -> files.isFor(of.asset().arch())).isPresent()
        ? channel.missing(path, told)
        : ofHead;
  }

  /** The file that a path means, or whose checksum. */
  private static Optional<AssetLookup.Found> file(AssetLookup lookup) {
    return switch (lookup) {
      case AssetLookup.Found found -> Optional.of(found);
      case AssetLookup.Checksum(var of, var _) -> Optional.of(of);
      case AssetLookup.NotReady _, AssetLookup.Missing _, AssetLookup.NotOurs _ -> Optional.empty();
    };
  }

  private AssetLookup byDigest(String folder, String path) {
    int slash = path.indexOf('/');
    String named = slash < 0 ? path : path.substring(0, slash);
    if (damaged.stream().anyMatch(digest -> digest.fileName().equals(named))) {
      return new AssetLookup.NotReady(folder); // even where it was damaged already at start
    }
    ReleaseFiles files = slash < 0 ? null : held.get(named);
    AssetLookup found =
        files == null ? null : files.lookup(folder, path.substring(slash + 1), true);
    if (found != null) {
      return found;
    }
    ChannelReleases channel = channels.get(folder);
    return channel == null ? new AssetLookup.NotOurs() : channel.lookup(path);
  }

  /** Everything that is held, in no order. */
  List<Release> releases() {
    return held.values().stream().map(ReleaseFiles::release).toList();
  }
}
