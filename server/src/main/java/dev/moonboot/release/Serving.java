package dev.moonboot.release;

import static java.util.stream.Collectors.toSet;

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

  private static String folder(ReleaseFiles files) {
    return files.release().digest().fileName();
  }

  /** The same with another head, or other releases, of a channel. */
  Serving with(ChannelReleases channel) {
    Map<String, ChannelReleases> nextChannels = new HashMap<>(channels);
    nextChannels.put(channel.channel().name(), channel);
    Map<String, ReleaseFiles> nextHeld = new HashMap<>(held);
    channel.files().forEach(files -> nextHeld.put(folder(files), files));
    return new Serving(nextChannels, nextHeld, damaged, decisions);
  }

  Serving with(Decisions next) {
    return new Serving(channels, held, damaged, next);
  }

  Serving with(ReleaseFiles files) {
    Map<String, ReleaseFiles> nextHeld = new HashMap<>(held);
    nextHeld.put(folder(files), files);
    return new Serving(channels, nextHeld, damaged, decisions);
  }

  Serving damaged(Set<Digest> next) {
    return new Serving(channels, held, next, decisions);
  }

  /** The same with the heads, and of all others only these. */
  Serving keeping(Collection<ReleaseFiles> all) {
    Map<String, ReleaseFiles> nextHeld = new HashMap<>();
    all.forEach(files -> nextHeld.put(folder(files), files));
    Set<Digest> digests = all.stream().map(files -> files.release().digest()).collect(toSet());
    Map<String, ChannelReleases> nextChannels = new HashMap<>();
    channels.forEach((name, releases) -> {
      ChannelReleases kept = releases.keeping(digests);
      nextChannels.put(name, kept);
      kept.files().forEach(files -> nextHeld.putIfAbsent(folder(files), files));
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
    Optional<Digest> last = told.apply(folder);
    if (last.isPresent()) {
      AssetLookup found = in(last.get(), folder, path);
      if (found != null) {
        return found;
      }
    }
    AssetLookup found = channel.lookup(path);
    return isDamaged(found) ? new AssetLookup.NotReady(folder) : found;
  }

  private @Nullable AssetLookup in(Digest release, String folder, String path) {
    ReleaseFiles files = files(release);
    return files == null ? null : files.lookup(folder, path, false);
  }

  private boolean isDamaged(AssetLookup found) {
    return switch (found) {
      case AssetLookup.Found of -> damaged.contains(of.release().digest());
      case AssetLookup.Checksum(var of, var _) -> damaged.contains(of.release().digest());
      case AssetLookup.NotReady _, AssetLookup.Missing _, AssetLookup.NotOurs _ -> false;
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
