package dev.moonboot.release;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Release;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the release that somebody means, fetches it where it is not held, and checks it. */
final class ReleaseChoice {
  private final ReleaseCache cache;
  private final Releases releases;

  /**
   * A release that can be served.
   *
   * @param fetched whether it was brought here for this
   */
  record Chosen(Release release, boolean fetched) {}

  ReleaseChoice(ReleaseCache cache, Releases releases) {
    this.cache = cache;
    this.releases = releases;
  }

  /** The release of that digest; may take as long as a pull. */
  Chosen byDigest(Channel channel, Digest digest, Progress progress) throws RefusalException {
    Optional<Release> held = cache.release(digest).filter(release -> hasAll(release, channel));
    return held.isPresent()
        ? new Chosen(held.get(), false)
        : fetched(channel, digest.toString(), cache.fetch(channel, digest, progress));
  }

  /**
   * The release of that version that is held of the channel or its repository, else what the tag of
   * that name names; may take as long as a pull.
   */
  Chosen byVersion(Channel channel, String version, Progress progress) throws RefusalException {
    Map<Digest, Release> held = new LinkedHashMap<>();
    Stream.concat(
            cache.releases(channel).stream(),
            cache.all().stream().filter(release -> isOf(release, channel)))
        .filter(release -> release.version().equals(version))
        .forEach(release -> held.put(release.digest(), release));
    if (held.size() > 1) {
      throw new RefusalException(
          PinOutcome.Grounds.AMBIGUOUS,
          "%d releases of channel %s have the version %s: name one by its digest: %s"
              .formatted(
                  held.size(),
                  channel.name(),
                  version,
                  held.keySet().stream().map(Digest::toString).collect(joining(", "))));
    }
    return held.isEmpty()
        ? fetched(channel, version, cache.fetch(channel, version, progress))
        : new Chosen(held.values().iterator().next(), false);
  }

  /** Whether it came from the channel's repository, by whatever tag or digest. */
  private static boolean isOf(Release release, Channel channel) {
    String repository = channel.image().source().display();
    return release.source().equals(repository)
        || release.source().startsWith(repository + ":")
        || release.source().startsWith(repository + "@");
  }

  private static Chosen fetched(Channel channel, String name, Fetched outcome)
      throws RefusalException {
    String what = "%s of channel %s (%s)".formatted(name, channel.name(), channel.image());
    return switch (outcome) {
      case Fetched.Held(var release) -> new Chosen(release, true);
      case Fetched.Refused(var grounds, var why) ->
          throw new RefusalException(
              switch (grounds) {
                case CONTENT -> PinOutcome.Grounds.CONTENT;
                case SIGNATURE -> PinOutcome.Grounds.POLICY;
              },
              what + " will not do: " + why);
      case Fetched.Failed(var trouble, var why, var _) ->
          throw new RefusalException(
              trouble == Trouble.TAG_MISSING
                  ? PinOutcome.Grounds.NO_SUCH_RELEASE
                  : PinOutcome.Grounds.NOT_AVAILABLE,
              "%s is not held and cannot be had (%s): %s; the profile boots what it booted"
                  .formatted(what, trouble, why));
    };
  }

  /** The release that a profile booted before the one it boots now; asks no network. */
  Digest previous(String profile, Channel channel) throws RefusalException {
    Optional<Pin> pin = releases.decisions().pin(profile);
    Optional<Digest> now =
        pin.map(Pin::release).or(() -> releases.head(channel.name()).map(Release::digest));
    List<Digest> history =
        releases.newestFirst(channel.name()).stream().map(Release::digest).toList();
    int at = now.map(history::indexOf).orElse(-1);
    return history.stream()
        .skip(at < 0 ? history.size() : at + 1)
        .filter(this::isServable)
        .findFirst()
        // What was replaced is no way back where it is newer than what is booted now.
        .or(() ->
            pin.map(Pin::replaced)
                .filter(this::isServable)
                .filter(replaced -> at < 0 || !history.subList(0, at).contains(replaced)))
        .orElseThrow(() ->
            new RefusalException(
                PinOutcome.Grounds.NO_PREVIOUS,
                "nothing is held that profile %s booted before %s; pin a release by its digest"
                    .formatted(profile, now.map(Digest::toString).orElse("now"))));
  }

  private boolean isServable(Digest digest) {
    return releases.isServable(digest) && cache.revoked(digest).isEmpty();
  }

  /** The release, when a profile of that channel may boot it now. */
  Release checked(Digest digest, Channel channel) throws RefusalException {
    Optional<String> revoked = cache.revoked(digest);
    if (revoked.isPresent()) {
      throw new RefusalException(
          PinOutcome.Grounds.POLICY, digest + " may not be served: " + revoked.get());
    }
    Optional<Release> held = cache.release(digest);
    if (held.isEmpty() || releases.isDamaged(digest)) {
      throw new RefusalException(
          PinOutcome.Grounds.NOT_AVAILABLE,
          "%s %s; try again".formatted(digest, held.isEmpty() ? "is not held" : "is damaged"));
    }
    if (held.get().content() != Content.BOOT) {
      throw new RefusalException(
          PinOutcome.Grounds.CONTENT,
          "%s holds %s, nothing to boot".formatted(digest, held.get().content().id()));
    }
    if (!hasAll(held.get(), channel)) {
      throw new RefusalException(
          PinOutcome.Grounds.MISSING_ARCH,
          "%s has %s, and channel %s lists %s: a profile of it must boot on all of them"
              .formatted(
                  digest,
                  arches(held.get().builds().keySet()),
                  channel.name(),
                  arches(new LinkedHashSet<>(channel.arches()))));
    }
    return held.get();
  }

  private static boolean hasAll(Release release, Channel channel) {
    return release.builds().keySet().containsAll(channel.arches());
  }

  private static String arches(Set<Arch> arches) {
    return arches.stream().map(Arch::id).sorted().collect(joining(", "));
  }
}
