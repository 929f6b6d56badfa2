package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.WallClock;
import dev.moonboot.journal.Actor;
import dev.moonboot.release.PinOutcome.Grounds;
import dev.moonboot.release.PinOutcome.Pinned;
import dev.moonboot.release.PinOutcome.Refused;
import dev.moonboot.release.PinOutcome.Unpinned;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes which release a profile boots. One change at a time; each is written to the audit log,
 * then to disk, and is in force when the method returns: the next script names it. What is refused
 * leaves everything as it was, and is told in the audit log too.
 */
public final class Pinning {
  private static final System.Logger LOG = System.getLogger(Pinning.class.getName());

  private final Releases releases;
  private final Changes changes;
  private final ProfileChannel.Of profiles;
  private final InstantSource clock;
  private final ReleaseChoice choice;
  private final Set<Digest> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param profiles which channel a profile follows
   */
  public Pinning(
      ReleaseCache cache, Releases releases, Changes changes, ProfileChannel.Of profiles) {
    this(cache, releases, changes, profiles, InstantSource.system());
  }

  Pinning(
      ReleaseCache cache,
      Releases releases,
      Changes changes,
      ProfileChannel.Of profiles,
      InstantSource clock) {
    this.releases = releases;
    this.changes = changes;
    this.profiles = profiles;
    this.clock = clock;
    this.choice = new ReleaseChoice(cache, releases);
  }

  /** What is wanted, of which profile. */
  private record Wish(String event, String profile, Channel channel, PinOrder order) {}

  @FunctionalInterface
  private interface Attempt {
    PinOutcome make() throws RefusalException;
  }

  /**
   * Pins the profile to the target. Takes as long as a pull where the release is not held.
   *
   * @param progress told how far a pull has come
   */
  public PinOutcome pin(String profile, PinTarget target, PinOrder order, Progress progress) {
    String event = "pin.set";
    return attempt(
        event,
        profile,
        order,
        () -> {
          Wish wish = wish(event, profile, order);
          return switch (target) {
            case PinTarget.Previous() -> toPrevious(wish);
            case PinTarget.ByDigest(var digest) -> {
              underWay.add(digest);
              try {
                yield toChosen(wish, choice.byDigest(wish.channel(), digest, progress));
              } finally {
                underWay.remove(digest);
              }
            }
            case PinTarget.ByVersion(var version) ->
                toChosen(wish, choice.byVersion(wish.channel(), version, progress));
          };
        });
  }

  /** Pins the profile to what it booted before; asks no network. */
  public PinOutcome rollback(String profile, PinOrder order) {
    String event = "pin.rollback";
    return attempt(event, profile, order, () -> toPrevious(wish(event, profile, order)));
  }

  /** Pins the profile to the release that the profile {@code from} boots now; asks no network. */
  public PinOutcome promote(String profile, String from, PinOrder order) {
    String event = "pin.promote";
    return attempt(
        event,
        profile,
        order,
        () -> {
          Wish wish = wish(event, profile, order);
          ProfileChannel.Follows other = following(from);
          try (var _ = changes.turn()) {
            Effective boots =
                releases
                    .effective(other.profile(), other.channel())
                    .orElseThrow(() ->
                        new RefusalException(
                            Grounds.NOT_AVAILABLE,
                            "profile " + other.profile() + " has nothing that can be booted now"));
            return set(wish, boots.release().digest(), false);
          }
        });
  }

  /** Lets the profile follow its channel again. */
  public PinOutcome unpin(String profile, PinOrder order) {
    String event = "pin.remove";
    return attempt(
        event,
        profile,
        order,
        () -> {
          // A pin whose profile is gone, or follows no channel any more, can be removed too.
          String name =
              profiles.profile(profile) instanceof ProfileChannel.Follows(var file, var _)
                  ? file
                  : profile;
          try (var _ = changes.turn()) {
            Pin pin =
                changes
                    .now()
                    .pin(name)
                    .orElseThrow(() ->
                        new RefusalException(
                            Grounds.NOT_PINNED, "profile " + name + " is not pinned"));
            checkRevision(name, order);
            remove(event, pin, order.reason(), order.actor());
            return new Unpinned(pin);
          }
        });
  }

  private PinOutcome attempt(String event, String profile, PinOrder order, Attempt attempt) {
    try {
      checkOrder(order);
      return attempt.make();
    } catch (RefusalException e) {
      Refused refused = e.refused();
      if (refused.grounds() != Grounds.NOT_RECORDED) { // else that was tried already
        changes.tell(PinEvents.refused(event, profile, order, refused));
      }
      return refused;
    }
  }

  private void checkOrder(PinOrder order) throws RefusalException {
    if (order.reason().length() > PinOrder.LONGEST_REASON) {
      throw new RefusalException(
          Grounds.INVALID, "the reason is longer than " + PinOrder.LONGEST_REASON + " characters");
    }
    Instant expires = order.expires();
    Instant now = clock.instant();
    if (expires != null && !expires.isAfter(now) && !WallClock.isUnset(now)) {
      throw new RefusalException(
          Grounds.INVALID, "the pin would end at " + expires + ", and it is " + now);
    }
  }

  private Wish wish(String event, String profile, PinOrder order) throws RefusalException {
    ProfileChannel.Follows follows = following(profile);
    Channel channel =
        releases
            .channel(follows.channel())
            .orElseThrow(() ->
                new RefusalException(
                    Grounds.NOT_PINNABLE,
                    "channel " + follows.channel() + " is not configured any more"));
    checkRevision(follows.profile(), order); // soon, before anything is fetched for nothing
    return new Wish(event, follows.profile(), channel, order);
  }

  private ProfileChannel.Follows following(String profile) throws RefusalException {
    return switch (profiles.profile(profile)) {
      case ProfileChannel.Follows follows -> follows;
      case ProfileChannel.NoneOfOurs(var name, var why) ->
          throw new RefusalException(
              Grounds.NOT_PINNABLE, "profile %s cannot be pinned: %s".formatted(name, why));
      case ProfileChannel.Unknown() ->
          throw new RefusalException(
              Grounds.NO_SUCH_PROFILE, "there is no profile \"" + profile + "\"");
    };
  }

  private void checkRevision(String profile, PinOrder order) throws RefusalException {
    long revision = changes.now().pin(profile).map(Pin::revision).orElse(0L);
    if (order.expectedRevision() != null && order.expectedRevision() != revision) {
      throw new RefusalException(
          Grounds.STALE,
          "the pin of profile %s has revision %d by now, not %d: read it again, then decide"
              .formatted(profile, revision, order.expectedRevision()));
    }
  }

  private PinOutcome toPrevious(Wish wish) throws RefusalException {
    try (var _ = changes.turn()) {
      return set(wish, choice.previous(wish.profile(), wish.channel()), false);
    }
  }

  private PinOutcome toChosen(Wish wish, ReleaseChoice.Chosen chosen) throws RefusalException {
    Digest digest = chosen.release().digest();
    underWay.add(digest);
    try (var _ = changes.turn()) {
      return set(wish, digest, chosen.fetched());
    } finally {
      underWay.remove(digest);
    }
  }

  /** In one's turn: checks again what may have changed meanwhile, and pins. */
  private PinOutcome set(Wish wish, Digest digest, boolean fetched) throws RefusalException {
    checkRevision(wish.profile(), wish.order());
    Release release = choice.checked(digest, wish.channel());
    try {
      releases.offer(release);
      Optional<Digest> from = boots(wish);
      Pin pin = pin(wish, digest, from.orElse(null));
      changes.decide(PinEvents.set(wish.event(), pin, from), decisions -> decisions.with(pin));
      return new Pinned(pin, release, fetched);
    } catch (UncheckedIOException e) {
      throw new RefusalException(
          Grounds.NOT_AVAILABLE, digest + " cannot be read: " + e.getMessage());
    } catch (NotRecordedException e) {
      throw new RefusalException(e);
    }
  }

  /** What the profile boots at this moment, or would. */
  private Optional<Digest> boots(Wish wish) {
    return changes
        .now()
        .pin(wish.profile())
        .map(Pin::release)
        .or(() -> releases.head(wish.channel().name()).map(Release::digest));
  }

  private Pin pin(Wish wish, Digest digest, @Nullable Digest from) {
    Digest replaced =
        digest.equals(from)
            ? changes.now().pin(wish.profile()).map(Pin::replaced).orElse(null)
            : from;
    PinOrder order = wish.order();
    return new Pin(
        wish.profile(),
        wish.channel().name(),
        digest,
        order.reason(),
        order.actor(),
        clock.instant(),
        order.expires(),
        replaced,
        changes.nextRevision());
  }

  private void remove(String event, Pin pin, String reason, Actor actor) throws RefusalException {
    try {
      Optional<Digest> to = releases.head(pin.channel()).map(Release::digest);
      changes.decide(
          PinEvents.removed(event, pin, reason, actor, to),
          decisions -> decisions.withoutPin(pin.profile()));
    } catch (NotRecordedException e) {
      throw new RefusalException(e);
    }
  }

  /** Removes the pins that have come to their end; a clock that was never set ends none. */
  void expire() {
    Instant now = clock.instant();
    try (var _ = changes.turn()) {
      for (Pin pin : changes.now().pins().values()) {
        Instant end = pin.expires();
        if (end != null && !end.isAfter(now) && !WallClock.isUnset(now)) {
          remove("pin.expire", pin, "it was to end at " + end, Actor.SYSTEM);
        }
      }
    } catch (RefusalException e) {
      LOG.log(Level.WARNING, "pin.expire result=stuck why=\"{0}\"", e.refused().why());
    }
  }

  /** What is decided now. */
  public Decisions decisions() {
    return changes.now();
  }

  /** Releases that profiles are pinned to, or are about to be: they must not be deleted. */
  public Set<Digest> needed() {
    Set<Digest> needed = new HashSet<>(underWay);
    changes.now().pins().values().forEach(pin -> needed.add(pin.release()));
    return needed;
  }
}
