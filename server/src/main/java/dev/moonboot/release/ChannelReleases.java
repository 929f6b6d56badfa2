package dev.moonboot.release;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.release.AssetLookup.Missing;
import dev.moonboot.release.AssetLookup.NotReady;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One channel's releases at one moment. What its mutable paths mean is worked out when this is
 * made, so that looking one up is a single step.
 */
final class ChannelReleases {
  private final Channel channel;
  private final List<ReleaseFiles> newestFirst;
  private final Map<String, AssetLookup> paths = new HashMap<>();

  /**
   * @param newestFirst the head first; empty while there is none
   */
  ChannelReleases(Channel channel, List<ReleaseFiles> newestFirst) {
    this.channel = channel;
    this.newestFirst = List.copyOf(newestFirst);
    if (newestFirst.isEmpty()) {
      addNotReady();
    } else {
      ReleaseFiles head = newestFirst.getFirst();
      for (String path : head.paths()) {
        AssetLookup found = head.lookup(channel.name(), path, false);
        if (found != null) {
          paths.put(path, found);
        }
      }
    }
  }

  private void addNotReady() {
    NotReady notReady = new NotReady(channel.name());
    for (Arch arch : channel.arches()) {
      for (AssetName name : AssetName.Boot.values()) {
        for (String path : AssetSpellings.of(name, arch)) {
          paths.put(path, notReady);
          paths.put(path + ".sha256", notReady);
          if (channel.image().source() instanceof SourceImage.Composed) {
            paths.put(path + ".sha512", notReady);
          }
        }
      }
    }
  }

  /**
   * The same with the head and, of the older releases, those that are held; each as it is held now:
   * it may have been made again, or let in for another reason.
   *
   * @param held by the names of their folders
   */
  ChannelReleases keeping(Map<String, ReleaseFiles> held) {
    List<ReleaseFiles> kept = new ArrayList<>();
    for (ReleaseFiles files : newestFirst) {
      ReleaseFiles now = held.get(files.folder());
      if (now != null) {
        kept.add(now);
      } else if (kept.isEmpty() && files == newestFirst.getFirst()) {
        kept.add(files);
      }
    }
    return kept.equals(newestFirst) ? this : new ChannelReleases(channel, kept);
  }

  Channel channel() {
    return channel;
  }

  Optional<Release> head() {
    return newestFirst.stream().findFirst().map(ReleaseFiles::release);
  }

  /** The head, then what was head before and is held. */
  List<Release> newestFirst() {
    return newestFirst.stream().map(ReleaseFiles::release).toList();
  }

  /** What its releases have. */
  List<ReleaseFiles> files() {
    return newestFirst;
  }

  /**
   * What a path that names no release means.
   *
   * @param path below the channel's folder
   */
  AssetLookup lookup(String path) {
    AssetLookup known = paths.get(path);
    if (known != null) {
      return known;
    }
    return newestFirst.isEmpty() && mayComeToHave(path)
        ? new NotReady(channel.name())
        : new Missing(channel.name(), whyMissing(path));
  }

  /** What it means to who was told to boot a release that has no such file. */
  AssetLookup missing(String path, Digest told) {
    return new Missing(
        channel.name(),
        "%s is not there in %s, which you were told to boot; what channel %s names now has it"
            .formatted(path, told, channel.name()));
  }

  /** Whether it is unknown before a release is there: files of an image are called as in it. */
  private boolean mayComeToHave(String path) {
    int slash = path.indexOf('/');
    return channel.content() != Content.BOOT
        && slash > 0
        && Arch.parse(path.substring(0, slash)).filter(channel.arches()::contains).isPresent();
  }

  private String whyMissing(String path) {
    if (path.startsWith("sha256-")) {
      String held =
          newestFirst().stream().map(release -> release.digest().fileName()).collect(joining(", "));
      return "%s is not there; releases held of %s: %s"
          .formatted(path, channel.name(), held.isEmpty() ? "none" : held);
    }
    if (path.endsWith(".sha512")) {
      return "there is no SHA-512 of it: only releases that are composed here have them";
    }
    String arches = channel.arches().stream().map(Arch::id).collect(joining(", "));
    return "%s is not there; channel %s has the architectures %s"
        .formatted(path, channel.name(), arches);
  }
}
