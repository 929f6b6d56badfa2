package dev.moonboot.assets.store;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a store holds at one instant.
 *
 * @param releases those whose blobs are all there
 * @param channels as they are on disk; a history may name releases that are not usable
 */
record Holdings(Map<Digest, Release> releases, Map<String, ChannelRecord> channels) {
  Holdings {
    releases = Map.copyOf(releases);
    channels = Map.copyOf(channels);
  }

  ChannelRecord channel(String name) {
    return channels.getOrDefault(name, ChannelRecord.none(name));
  }

  /** The usable releases of a channel, newest first. */
  List<Release> releasesOf(String channel) {
    return channel(channel).history().stream().map(releases::get).filter(Objects::nonNull).toList();
  }

  /** What was taken out of these very layers for that architecture, in whatever image they came. */
  Optional<Build> buildOf(Content content, Arch arch, List<Digest> layers) {
    return releases.values().stream()
        .map(release -> release.builds().get(arch))
        .filter(
            build -> build != null && build.content() == content && build.layers().equals(layers))
        .findFirst();
  }

  /** Of all channels, held or not. */
  Set<Digest> heads() {
    return channels.values().stream()
        .flatMap(channel -> channel.head().stream())
        .map(ChannelRecord.Mark::release)
        .collect(Collectors.toSet());
  }

  Set<Digest> inAnyHistory() {
    return channels.values().stream()
        .flatMap(channel -> channel.history().stream())
        .collect(Collectors.toSet());
  }

  Set<Digest> blobs() {
    return releases.values().stream().flatMap(Holdings::blobsOf).collect(Collectors.toSet());
  }

  static Stream<Digest> blobsOf(Release release) {
    return release.builds().values().stream()
        .flatMap(build -> build.assets().values().stream())
        .map(Asset::digest);
  }

  Holdings with(Release release) {
    Map<Digest, Release> changed = new HashMap<>(releases);
    changed.put(release.digest(), release);
    return new Holdings(changed, channels);
  }

  Holdings with(ChannelRecord channel) {
    Map<String, ChannelRecord> changed = new HashMap<>(channels);
    changed.put(channel.channel(), channel);
    return new Holdings(releases, changed);
  }

  Holdings without(Predicate<Digest> gone) {
    Map<Digest, Release> changed = new HashMap<>(releases);
    changed.keySet().removeIf(gone);
    return new Holdings(changed, channels);
  }
}
