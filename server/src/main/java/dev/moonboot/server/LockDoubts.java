package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.build.LockedBuild;
import dev.moonboot.assets.build.LockedRecipes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What of a new lock file may not be meant, though it can be done. */
record LockDoubts(BuildConfig config, LockFile before, LockFile after) {
  /** A line for each, for people. */
  List<String> lines(List<Channel> channels) {
    return channels.stream()
        .flatMap(channel -> lines(channel.name()))
        .map(line -> "moonboot: " + line)
        .toList();
  }

  private Stream<String> lines(String name) {
    String key = LockFile.key(config.site(), name);
    LockedBuild from = before.builds().get(key);
    LockedBuild to = after.builds().get(key);
    return from == null || to == null
        ? Stream.of()
        : Stream.concat(older(key, from, to).stream(), other(key, from, to).stream());
  }

  /** A version that is gone was withdrawn, or is missing by mistake. */
  private static Optional<String> older(String key, LockedBuild from, LockedBuild to) {
    if (!from.base().name().equals(to.base().name())) {
      return Optional.empty();
    }
    return TalosVersion.parse(from.version())
        .filter(version ->
            TalosVersion.parse(to.version()).filter(now -> now.compareTo(version) < 0).isPresent())
        .map(version ->
            "%s: %s went back from %s to %s: see why before you apply it"
                .formatted(key, to.base().name(), version, to.version()));
  }

  /** Was the configuration changed, or has another one a build of that name? The file is silent. */
  private Optional<String> other(String key, LockedBuild from, LockedBuild to) {
    return config.isOfSite() || from.hasInputsOf(to)
        ? Optional.empty()
        : Optional.of(
            ("%s: the lock file had it of other inputs than this configuration names; where that was"
                    + " another configuration's build of the name, %s")
                .formatted(key, LockedRecipes.SITE_HINT));
  }
}
