package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.metrics.Meters;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What pins need when nobody looks: they end at their time, and what they name is fetched again by
 * its digest where the cache has lost it.
 */
public final class PinUpkeep implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PinUpkeep.class.getName());

  /** The wall clock may be set while we wait: no wait for it is longer. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(30);

  private final ReleaseCache cache;
  private final Releases releases;
  private final Changes changes;
  private final Pinning pinning;
  private final Meters meters;
  private final InstantSource clock;
  // why a pinned release is not held, by profile; only the thread that fetches knows it
  private final Map<String, String> told = new HashMap<>();
  private final Chore expiry = new Chore("pin-expiry", this::expire);
  private final Chore fetching = new Chore("pin-fetch", this::fetchMissing);

  public PinUpkeep(
      ReleaseCache cache, Releases releases, Changes changes, Pinning pinning, Meters meters) {
    this(cache, releases, changes, pinning, meters, InstantSource.system());
  }

  PinUpkeep(
      ReleaseCache cache,
      Releases releases,
      Changes changes,
      Pinning pinning,
      Meters meters,
      InstantSource clock) {
    this.cache = cache;
    this.releases = releases;
    this.changes = changes;
    this.pinning = pinning;
    this.meters = meters;
    this.clock = clock;
    changes.listen(this::changed);
  }

  private void changed() {
    showPins();
    expiry.wake();
    fetching.wake();
  }

  private void showPins() {
    Map<String, String> pins = new LinkedHashMap<>();
    changes.now().pins().values().forEach(pin -> pins.put(pin.profile(), pin.release().toString()));
    meters.pins(pins);
  }

  /** Ends what has come to its end at once, before a node asks, and goes on looking after pins. */
  public void start() {
    pinning.expire();
    showPins();
    expiry.start();
    fetching.start();
  }

  /** True from start until close, unless a thread died. */
  public boolean isRunning() {
    return expiry.isRunning() && fetching.isRunning();
  }

  Duration expire() {
    pinning.expire();
    changes.repair();
    Instant now = clock.instant();
    return changes.now().pins().values().stream()
        .map(Pin::expires)
        .filter(Objects::nonNull)
        .map(end -> Duration.between(now, end))
        .filter(left -> left.isPositive() && left.compareTo(LONGEST) < 0)
        .min(Duration::compareTo)
        .orElse(LONGEST);
  }

  Duration fetchMissing() {
    Map<String, Pin> pins = changes.now().pins();
    told.keySet().retainAll(pins.keySet());
    boolean soon = false;
    for (Pin pin : pins.values()) {
      soon |= bring(pin);
    }
    return soon ? BETWEEN_FETCHES : LONGEST;
  }

  /** True when it must be tried again soon. What the policy refuses is not fetched in vain. */
  private boolean bring(Pin pin) {
    Digest digest = pin.release();
    if (releases.release(digest).isPresent()) {
      told.remove(pin.profile());
      return false;
    }
    Optional<String> revoked = cache.revoked(digest);
    if (revoked.isPresent()) {
      tell(pin, "it may not be served: " + revoked.get() + "; pin another release, or unpin");
      return false;
    }
    return !offerHeld(digest) && fetch(pin);
  }

  private boolean offerHeld(Digest digest) {
    Optional<Release> held = cache.release(digest);
    return held.isPresent() && offer(held.get());
  }

  private boolean offer(Release release) {
    try (var _ = changes.turn()) {
      releases.offer(release);
      return true;
    } catch (UncheckedIOException e) {
      LOG.log(Level.WARNING, "pinned release=" + release.digest() + " cannot be read", e);
      return false;
    }
  }

  private boolean fetch(Pin pin) {
    Optional<Channel> channel = releases.channel(pin.channel());
    if (channel.isEmpty()) {
      tell(pin, "channel " + pin.channel() + " is not configured any more");
      return false;
    }
    return switch (cache.fetch(channel.get(), pin.release(), Progress.NONE)) {
      case Fetched.Held(var release) -> !offer(release);
      case Fetched.Refused(var _, var why) -> {
        tell(pin, why);
        yield false;
      }
      case Fetched.Failed(var trouble, var why, var _) -> {
        tell(pin, trouble + ": " + why);
        yield true;
      }
    };
  }

  /** Once, and again when the reason is another one. */
  private void tell(Pin pin, String why) {
    if (!why.equals(told.put(pin.profile(), why))) {
      LOG.log(
          Level.WARNING,
          "pin profile={0} release={1} result=not_held why=\"{2}\"",
          pin.profile(),
          pin.release(),
          why);
    }
  }

  @Override
  public void close() {
    expiry.close();
    fetching.close();
  }
}
