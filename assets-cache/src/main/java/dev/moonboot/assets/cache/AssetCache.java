package dev.moonboot.assets.cache;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recovery;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import dev.moonboot.assets.registry.ImageReferences;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.StoreException;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.Standing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Releases of the followed channels, on disk, and how they come there.
 *
 * <p>What nothing needs is deleted after each refresh, once {@link #roots} are known; see {@link
 * #sweep}. Files are read again now and then; see {@link #scrub}.
 */
public final class AssetCache implements AutoCloseable {
  private static final Logger LOG = System.getLogger(AssetCache.class.getName());
  private static final long CLOSE_SECONDS = 10;

  private final AssetStore store;
  private final Standings standings;
  private final Housekeeping housekeeping;
  private final Connections connections;
  private final Bringing bringing;
  private final Refresher refresher;
  private final SharedRuns runs = new SharedRuns();
  private final Healing healing;
  private volatile Consumer<Damage> listener = _ -> {};

  private AssetCache(AssetStore store, CacheSettings settings, Access access) {
    this.store = store;
    this.standings = new Standings(settings.policy(), store.all());
    this.housekeeping =
        new Housekeeping(store, access.limits(), InstantSource.system(), standings::forget);
    Troubles troubles = new Troubles(settings.root(), settings.state());
    KeyedLocks locks = new KeyedLocks();
    Composing composing =
        Composing.of(
            store, standings, access.images(), settings.build(), locks, housekeeping::needRoom);
    Factories factories =
        new Factories(settings.registry(), store, standings, housekeeping::needRoom);
    Origins origins = new Origins(access.images(), composing, factories);
    this.connections = new Connections(origins::open, troubles);
    this.bringing = new Bringing(store, standings, housekeeping, troubles, locks);
    this.refresher = new Refresher(store, standings, bringing, troubles);
    this.healing = new Healing(store::damaged, this::heal);
  }

  /** What tests put in the place of. */
  private record Access(ImageAccess images, CacheLimits limits) {}

  /**
   * Opens the cache; its directories are made when they are missing. Needs no network; what was
   * held is there at once.
   *
   * <p>A state directory that cannot be made or written does not refuse the start: what is held is
   * served, and a refresh that finds something new fails as {@code READ_ONLY}.
   *
   * @throws CacheException when another process has it, or the cache directory cannot be read
   */
  public static AssetCache open(CacheSettings settings) {
    return open(
        settings,
        ImageAccess.of(settings.registry()),
        CacheLimits.keeping(settings.keep()).withQuota(settings.quota()));
  }

  static AssetCache open(CacheSettings settings, ImageAccess access, CacheLimits limits) {
    try {
      AssetStore store =
          AssetStore.open(settings.root(), settings.state(), limits.nanoTime(), UkiCompletion::of);
      AssetCache cache = new AssetCache(store, settings, new Access(access, limits));
      store.watch(cache::damaged);
      return cache;
    } catch (StoreException e) {
      boolean locked = e.reason() == StoreException.Reason.LOCKED;
      throw new CacheException(Troubles.text(e), e, locked);
    } catch (IOException e) {
      throw new CacheException(
          "the cache directory " + settings.root() + " cannot be used: " + Troubles.text(e), e);
    }
  }

  /**
   * Reads an image reference as a person writes it: {@code registry/repo:tag}, {@code repo@digest},
   * {@code oci:DIR[:TAG]}, {@code oci-archive:FILE[:TAG]}.
   *
   * @throws IllegalArgumentException with a message for people when it is none
   */
  public static ImageReference parse(String text) {
    return ImageReferences.parse(text);
  }

  /** As {@link #refresh(Channel, Progress, HeadGate)}, asking nobody. */
  public Refresh refresh(Channel channel, Progress progress) {
    return refresh(channel, progress, HeadGate.OPEN);
  }

  /**
   * Looks whether the channel's tag moved, and if so brings the new release here and makes it the
   * head, unless it was replaced before or the policy does not let it in. Whoever asks for the same
   * channel meanwhile waits for the same outcome.
   *
   * @param gate asked before the head moves
   */
  public Refresh refresh(Channel channel, Progress progress, HeadGate gate) {
    return runs.run(
        channel,
        () -> {
          store.heads().recover(channel);
          return connections.attempt(
              channel.image(),
              origin -> {
                Refresh outcome =
                    refresher.look(new Refresher.Look(channel, origin, gate, progress));
                if (!Troubles.isStopped()) {
                  housekeeping.sweep();
                }
                return outcome;
              },
              failed -> failed);
        });
  }

  /**
   * Brings a release here without making it the head of anything: the same checks as those of a
   * refresh, but that it may have been replaced before. Asks no network where it is held and its
   * proof will do.
   *
   * @param channel from whose repository, and for which architectures
   */
  public Fetched fetch(Channel channel, Digest digest, Progress progress) {
    ImageReference image =
        new ImageReference(channel.image().source(), channel.image().tag(), digest);
    return fetch(channel, image, progress);
  }

  /** As {@link #fetch(Channel, Digest, Progress)}, what that tag names now. */
  public Fetched fetch(Channel channel, String tag, Progress progress) {
    return fetch(channel, new ImageReference(channel.image().source(), tag, null), progress);
  }

  /** As {@link #fetch(Channel, Digest, Progress)}, what the channel's image is now. */
  public Fetched fetch(Channel channel, Progress progress) {
    return fetch(channel, channel.image(), progress);
  }

  private Fetched fetch(Channel channel, ImageReference image, Progress progress) {
    record Fetch(Channel channel, ImageReference image) {}
    return runs.run(
        new Fetch(channel, image),
        () ->
            connections.attempt(
                image,
                origin -> fetched(bring(origin, channel, image, progress)),
                failed -> fetched(new Brought.Not(failed))));
  }

  private Brought bring(Origin origin, Channel channel, ImageReference image, Progress progress)
      throws IOException {
    progress.step("resolve", image.toString());
    Digest fixed = image.digest();
    Origin.Named named =
        fixed != null
            ? new Origin.Named.At(fixed)
            : origin.resolve(image, channel.arches(), progress);
    return switch (named) {
      case Origin.Named.Not(var outcome) -> new Brought.Not(outcome);
      case Origin.Named.At(var digest, var _) ->
          bringing.bring(
              new WantedImage(image, digest, channel.arches(), channel.content(), origin, progress),
              _ -> Optional.empty());
    };
  }

  private static Fetched fetched(Brought brought) {
    return switch (brought) {
      case Brought.Here(var release, var _) -> new Fetched.Held(release);
      case Brought.Not(Refresh.Rejected(var _, var grounds, var why)) ->
          new Fetched.Refused(grounds, why);
      case Brought.Not(Refresh.Held(var _, var _, var why)) ->
          new Fetched.Refused(Refresh.Grounds.SIGNATURE, why);
      case Brought.Not(Refresh.Failed(var trouble, var why, var retryAfter)) ->
          new Fetched.Failed(trouble, why, retryAfter);
      case Brought.Not(var other) -> throw new IllegalStateException(other.toString());
    };
  }

  /**
   * Lets the channel's tag go back, once, to a release that was replaced before.
   *
   * @throws CacheException when that cannot be written down
   */
  public void accept(Channel channel, Digest digest) {
    try {
      store.heads().accept(channel, digest);
      bringing.forgetRefusals(digest);
    } catch (IOException e) {
      throw new CacheException(
          "channel %s: accepting %s cannot be written down: %s"
              .formatted(channel.name(), digest, Troubles.text(e)),
          e);
    }
  }

  /**
   * What the channel names now, if it may be served; where it may not, the newest before it that
   * may. Empty when there is none.
   */
  public Optional<Release> head(Channel channel) {
    return releases(channel).stream().findFirst();
  }

  /** The release of that image digest, if it is held and may be served. */
  public Optional<Release> release(Digest digest) {
    return store.release(digest).filter(standings::isTrusted);
  }

  /**
   * As {@link #release}, for what is about to be needed: no sweep takes it away before that is
   * known.
   */
  public Optional<Release> take(Digest digest) {
    return store.take(digest).filter(standings::isTrusted);
  }

  /**
   * What is held of a channel and may be served, newest first: its head, then what was its head
   * before.
   */
  public List<Release> releases(Channel channel) {
    store.heads().recover(channel);
    return store.releases(channel.name()).stream()
        .filter(release -> release.content() == channel.content())
        .filter(standings::isTrusted)
        .toList();
  }

  /** All that is held, in no order, also what may not be served any more: {@link #standing}. */
  public List<Release> all() {
    return store.all();
  }

  /**
   * What the channel names and all that it is known to have named before, newest first, held or
   * not.
   */
  public List<Head> history(Channel channel) {
    store.heads().recover(channel);
    return store.heads().history(channel);
  }

  /** What the policy in force says of a release; empty when it is not held. */
  public Optional<Standing> standing(Digest digest) {
    return store.release(digest).map(standings::of);
  }

  /** Why a release that is held may not be served any more; empty when it may. */
  public Optional<String> revoked(Digest digest) {
    return standing(digest)
        .map(standing -> standing instanceof Standing.Revoked(var why) ? why : null);
  }

  /**
   * Puts another policy in force. All that is held is checked by it first, without a network; what
   * was refused is forgotten.
   */
  public void policy(AdmissionPolicy policy) {
    standings.replace(policy, store.all());
    bringing.forgetRefusals();
  }

  /** Whether a composed release was made again, and has other bytes since. */
  public Optional<Remade> remade(Digest digest) {
    return store.recipes().remade(digest);
  }

  /** Names who is told when one is; see {@link #remade}. Must return at once. */
  public void watchRemade(Consumer<Remade> told) {
    store.recipes().watch(told);
  }

  /** Which channels' states were found damaged or lost since the start. */
  public List<Recovery> recoveries() {
    return store.heads().recoveries();
  }

  /**
   * Names who knows what must not be deleted; asked at every sweep, of which there is one after
   * each refresh. Until then nothing is deleted.
   */
  public void roots(Supplier<Roots> roots) {
    housekeeping.roots(roots);
  }

  /**
   * Deletes what nothing needs. Heads, two releases before each, roots and work under way always
   * stay, and so does what was needed within the last hour of this process. Where the clock was not
   * set since power was lost, nothing is deleted.
   *
   * @param dryRun whether only to say what would be deleted
   * @throws CacheException when something could not be deleted; what was to stay is all there
   */
  public Sweep sweep(boolean dryRun) {
    try {
      return housekeeping.sweep(dryRun);
    } catch (IOException e) {
      throw new CacheException("the sweep is incomplete: " + Troubles.text(e), e);
    }
  }

  /**
   * Reads every file of every release that is served, at 20 MiB/s at most; it is done by itself at
   * start and once a week. What is damaged is served no more until it has been fetched again.
   *
   * @throws CacheException when the thread is interrupted
   */
  public Scrub scrub(Progress progress) {
    try {
      return store.scrub(progress);
    } catch (InterruptedIOException e) {
      throw new CacheException("the scrub was interrupted", e);
    }
  }

  /**
   * Names who is told what cannot be served and when that ends: of what there is at once, on this
   * thread, then of every change, one after the other, on others. Must return at once.
   */
  public void watch(Consumer<Damage> told) {
    listener = told;
    store.watch(this::damaged);
  }

  private void damaged(Damage damage) {
    listener.accept(damage);
    healing.wake();
  }

  /** Brings a damaged release here again by its digest, whatever its tag names by now. */
  private boolean heal(Release damaged) {
    ImageReference named = Origins.image(damaged.source());
    Channel channel =
        new Channel("healing", named, List.copyOf(damaged.builds().keySet()), damaged.content());
    String why =
        switch (fetch(channel, damaged.digest(), Progress.NONE)) {
          case Fetched.Held _ -> "";
          case Fetched.Refused(var _, var refused) -> refused;
          case Fetched.Failed(var _, var failed, var _) -> failed;
        };
    if (!why.isEmpty() && !Troubles.isStopped()) {
      LOG.log(Level.WARNING, "cache release={0} healing=failed why=\"{1}\"", damaged.digest(), why);
    }
    return why.isEmpty();
  }

  /** Ends what runs and gives the directories free. */
  @Override
  public void close() {
    runs.stop();
    healing.close();
    connections.close();
    runs.await(CLOSE_SECONDS);
    healing.awaitEnd(Duration.ofSeconds(CLOSE_SECONDS));
    try {
      store.close();
    } catch (IOException e) {
      throw new CacheException("the cache could not be closed: " + Troubles.text(e), e);
    }
  }
}
