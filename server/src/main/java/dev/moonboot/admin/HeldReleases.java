package dev.moonboot.admin;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.profile.Catalog;
import dev.moonboot.release.Effective;
import dev.moonboot.release.ProfileChannel;
import dev.moonboot.release.ReleaseCache;
import dev.moonboot.release.Releases;
import dev.moonboot.release.Served;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The releases that are held, and who boots which, as they are now.
 *
 * @param profiles which channel a profile follows
 */
record HeldReleases(
    Releases releases,
    ReleaseCache cache,
    Served served,
    Supplier<Catalog> catalog,
    ProfileChannel.Of profiles) {
  /** So much of a digest tells it from all others in practice; fewer digits may be a slip. */
  private static final Pattern NAME = Pattern.compile("(?:sha256[:-])?([0-9a-f]{8,64})");

  /** A profile that boots a release, and why that one. */
  record Booting(String profile, Effective effective) {}

  /** Newest first. */
  List<Release> all() {
    return releases.held().stream()
        .sorted(Comparator.comparing(Release::created).reversed().thenComparing(Release::digest))
        .toList();
  }

  /** True when the text can be a digest or the beginning of one. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * The release that a digest or its beginning names; empty when none is held that does.
   *
   * @throws ProblemException when it is the beginning of several
   */
  Optional<Release> find(String name) {
    Matcher digits = NAME.matcher(name);
    if (!digits.matches()) {
      return Optional.empty();
    }
    List<Release> named =
        releases.held().stream()
            .filter(release -> release.digest().hex().startsWith(digits.group(1)))
            .toList();
    if (named.size() > 1) {
      throw new ProblemException(
          ProblemKind.CONFLICT,
          "%d releases begin with %s: give more digits".formatted(named.size(), digits.group(1)));
    }
    return named.stream().findFirst();
  }

  /**
   * As {@link #find}, for what must be there.
   *
   * @throws ProblemException when it is not
   */
  Release known(String name) {
    return find(name)
        .orElseThrow(() ->
            new ProblemException(
                ProblemKind.NOT_FOUND,
                "no release that is held is called "
                    + name
                    + "; GET /admin/v1/releases lists them, and PUT /admin/v1/pins/{profile} fetches"
                    + " one"));
  }

  /** The channels that brought it, by name. */
  List<String> channels(Digest release) {
    return releases.channels().stream()
        .map(Channel::name)
        .filter(channel ->
            releases.newestFirst(channel).stream().anyMatch(r -> r.digest().equals(release)))
        .toList();
  }

  /** The channels whose head it is, by name. */
  List<String> headOf(Digest release) {
    return releases.channels().stream()
        .map(Channel::name)
        .filter(channel ->
            releases.head(channel).filter(head -> head.digest().equals(release)).isPresent())
        .toList();
  }

  /** All profiles that boot one of our releases, in the order of their names. */
  List<Booting> booting() {
    return new TreeMap<>(catalog.get().profiles())
        .values().stream().flatMap(profile -> booting(profile.file()).stream()).toList();
  }

  /** What the profile boots; empty when it follows no channel, or that has nothing yet. */
  Optional<Booting> booting(String profile) {
    return channel(profile)
        .flatMap(channel -> releases.effective(profile, channel))
        .map(effective -> new Booting(profile, effective));
  }

  /** The channel that the profile follows. */
  Optional<String> channel(String profile) {
    return profiles.profile(profile) instanceof ProfileChannel.Follows(var _, var channel)
        ? Optional.of(channel)
        : Optional.empty();
  }

  /** How many bytes it takes on disk by itself. */
  static long size(Release release) {
    return assets(release)
        .collect(Collectors.toMap(Asset::digest, Asset::size, (a, _) -> a))
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static Stream<Asset> assets(Release release) {
    return release.builds().values().stream().flatMap(build -> build.assets().values().stream());
  }

  Optional<Instant> lastServed(Release release) {
    return served.last(release.digest());
  }

  /** Why it may not be served any more; empty when it may. */
  Optional<String> revoked(Digest release) {
    return cache.revoked(release);
  }

  /** Why it would not be let in today, though it may be served; empty when it would. */
  Optional<String> flagged(Release release) {
    return cache.flagged(release.digest());
  }

  boolean isDamaged(Release release) {
    return releases.isDamaged(release.digest());
  }
}
