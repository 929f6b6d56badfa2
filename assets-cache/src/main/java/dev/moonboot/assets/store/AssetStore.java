package dev.moonboot.assets.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.stream.Collectors.toSet;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Releases on disk, by digest. What it returns is whole: a release has all its blobs, and a blob
 * has the bytes its digest says. Work under way is an {@link Ingest}; nothing of it is visible
 * before {@link Ingest#publish}, and then all of it is.
 *
 * <p>Readers take no lock. One process has a store at a time.
 */
public final class AssetStore implements AutoCloseable {
  private static final Logger LOG = System.getLogger(AssetStore.class.getName());

  private final StoreLayout layout;
  private final StoreLock lock;
  private final LongSupplier nanoTime;
  private final Tidying tidying;
  private final Scrubber scrubber;
  private final Sweeper sweeper;
  private final Heads heads;
  private final Inputs inputs;
  private final Recipes recipes;
  private final UnaryOperator<Release> complete;

  private final Object monitor = new Object(); // guards writes, the sweeper and the claims
  private final Claims claims = new Claims(monitor);
  private final DamageNews news = new DamageNews(() -> doubts().releases().keySet());

  private volatile Holdings holdings;
  private volatile Doubts doubts;

  /**
   * Opens the store in two directories, which are made when they are missing. Leftovers of a crash
   * are removed in the background. A state that can be neither made nor read does not stand in the
   * way: what is held can be found by digest, and nothing can be made a head.
   *
   * @param root where releases are
   * @param state where it is kept which release a channel names
   * @throws StoreException (LOCKED) when another process has one of them; (UNSUITABLE) when others
   *     can write there, or files cannot be replaced whole
   * @throws IOException when the root cannot be read
   */
  public static AssetStore open(Path root, Path state) throws IOException {
    return open(root, state, System::nanoTime);
  }

  /**
   * As {@link #open(Path, Path)}, with a clock.
   *
   * @param nanoTime only goes forward, as {@link System#nanoTime}
   */
  public static AssetStore open(Path root, Path state, LongSupplier nanoTime) throws IOException {
    return open(root, state, nanoTime, release -> release);
  }

  /**
   * As {@link #open(Path, Path, LongSupplier)}, with who knows how to complete what older records
   * lack.
   *
   * @param complete asked of every release that was recorded before and can be served, whose files
   *     are there then
   */
  public static AssetStore open(
      Path root, Path state, LongSupplier nanoTime, UnaryOperator<Release> complete)
      throws IOException {
    return open(root, state, nanoTime, new Ways(ScrubPace.DEFAULT, complete));
  }

  static AssetStore open(Path root, Path state, LongSupplier nanoTime, ScrubPace pace)
      throws IOException {
    return open(root, state, nanoTime, new Ways(pace, release -> release));
  }

  /** How it goes about its own. */
  private record Ways(ScrubPace pace, UnaryOperator<Release> complete) {}

  private static AssetStore open(Path root, Path state, LongSupplier nanoTime, Ways ways)
      throws IOException {
    StoreLayout layout =
        new StoreLayout(root.toAbsolutePath().normalize(), state.toAbsolutePath().normalize());
    layout.make();
    StoreReader reader = new StoreReader(layout, ways.complete());
    StoreLock lock = StoreLock.take(layout);
    try {
      StoreGround.check(layout);
      AssetStore store = new AssetStore(layout, lock, reader, nanoTime, ways);
      store.heads.heal();
      store.tidying.start();
      store.scrubber.start();
      return store;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private AssetStore(
      StoreLayout layout, StoreLock lock, StoreReader reader, LongSupplier nanoTime, Ways ways)
      throws IOException {
    this.layout = layout;
    this.lock = lock;
    this.holdings = reader.read();
    this.doubts = reader.doubts();
    this.nanoTime = nanoTime;
    this.tidying = new Tidying(this, layout);
    this.scrubber = new Scrubber(this, ways.pace());
    this.complete = ways.complete();
    this.sweeper = new Sweeper(this, layout, reader.isSure());
    this.heads = new Heads(this, layout, reader, holdings);
    this.inputs = new Inputs(layout.inputs());
    this.recipes =
        new Recipes(
            layout,
            this::recorded,
            () ->
                holdings.channels().values().stream()
                    .flatMap(channel -> channel.head().stream())
                    .map(ChannelRecord.Mark::release)
                    .collect(toSet()));
  }

  /** The release of that image digest, if it is held. */
  public Optional<Release> release(Digest digest) {
    return Optional.ofNullable(holdings.releases().get(digest));
  }

  /** The releases of a channel that can be served, newest first. */
  public List<Release> releases(String channel) {
    return holdings.releasesOf(channel);
  }

  /**
   * As {@link #release}; where nothing needs it, it stays for as long as if that were so only now.
   */
  public Optional<Release> take(Digest digest) {
    synchronized (monitor) {
      sweeper.renew(digest);
      return release(digest);
    }
  }

  /** Keeps sweeps away from a release, held already or not yet, until it is closed. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /** A lease on what is about to be made a head: there may be long between finding it and that. */
  public Lease lease(Digest release) {
    return claims.lease(release);
  }

  /** All releases that can be served. */
  public List<Release> all() {
    return List.copyOf(holdings.releases().values());
  }

  /** What channels name and named. */
  public Heads heads() {
    return heads;
  }

  /** Layers of what releases are composed of. */
  public Inputs inputs() {
    return inputs;
  }

  /** Of what releases are made that are no images. */
  public Recipes recipes() {
    return recipes;
  }

  Holdings holdings() {
    return holdings;
  }

  /** Bytes that this process could still write. */
  public long usableSpace() throws IOException {
    return Disk.usableSpace(layout.root());
  }

  /** Bytes of all that is below the root. */
  public long usedSpace() throws IOException {
    return Disk.sizeOf(layout.root());
  }

  /** Deletes the damaged blobs that were put aside: they only tell what happened. */
  public void emptyQuarantine() throws IOException {
    Quarantine.keepNewest(layout, 0);
  }

  /**
   * Begins work on an image; parts of layers that an earlier attempt left are there again.
   *
   * @throws StoreException (IN_USE) when work on it is under way already
   */
  public Ingest ingest(Digest image) throws IOException {
    claims.claim(image);
    try {
      return Ingest.open(this, layout, image);
    } catch (IOException | RuntimeException e) {
      claims.unclaim(image, List.of());
      throw e;
    }
  }

  /** Makes the next state of a channel out of that of now, or refuses to. */
  interface Change {
    ChannelRecord of(ChannelRecord now) throws StoreException;
  }

  /** Changes what is kept of a channel; on disk first. */
  void change(String channel, Change change) throws IOException {
    synchronized (monitor) {
      heads.need();
      ChannelRecord next = change.of(holdings.channel(channel));
      next.write(layout);
      holdings = holdings.with(next);
    }
  }

  /** Takes up what is on disk already, or cannot be. */
  void learn(Collection<ChannelRecord> channels) {
    synchronized (monitor) {
      for (ChannelRecord channel : channels) {
        holdings = holdings.with(channel);
      }
    }
  }

  /**
   * Writes down why a release that is held was let in.
   *
   * @throws IOException when it is not known whether that lasts; here nothing changed then
   */
  public Release admit(Digest digest, Admission admission) throws IOException {
    synchronized (monitor) {
      Release now = Optional.ofNullable(holdings.releases().get(digest)).orElseThrow();
      return record(new Release(digest, now.source(), now.builds(), now.created(), admission));
    }
  }

  /** Keeps a release; a build that is held already under that digest stays, unless given anew. */
  Release record(Release release) throws IOException {
    synchronized (monitor) {
      if (doubts.concerns(release)) { // a blob that was known has been found damaged meanwhile
        throw new StoreException(
            StoreException.Reason.DAMAGED, "a file of " + release.digest() + " has been damaged");
      }
      Release merged = merge(release);
      ReleaseRecord.write(layout, merged);
      holdings = holdings.with(merged);
      doubts = doubts.without(Set.of(merged.digest()));
      return merged;
    }
  }

  private Release merge(Release release) {
    Release before = holdings.releases().get(release.digest());
    if (before == null) {
      return release; // or one that is damaged, of which nothing is to stay
    }
    Map<Arch, Build> builds = new EnumMap<>(before.builds());
    builds.putAll(release.builds());
    return new Release(
        release.digest(), release.source(), builds, release.created(), release.admission());
  }

  /**
   * Deletes releases that nothing needs: no root, neither the head of a followed channel nor one of
   * the newest before it, no work under way; and that for an hour already, by what sweeps saw.
   *
   * @throws IOException when something could not be deleted; what was to be kept is all there
   */
  public Sweep sweep(SweepOrder order) throws IOException {
    Sweep sweep;
    synchronized (monitor) {
      Holdings now = holdings;
      SweepPlan plan =
          SweepPlan.of(
              now.channels().values(), now.releases()::containsKey, order.roots(), order.keep());
      List<Release> recorded = recorded();
      recorded.stream()
          .filter(claims::needs)
          .forEach(release -> plan.add(release.digest(), Sweep.Reason.IN_USE));
      sweep = sweeper.sweep(plan, recorded, order, nanoTime.getAsLong());
    }
    if (!order.dryRun()) {
      tidying.leftovers();
    }
    return sweep;
  }

  private Optional<Release> recorded(Digest digest) {
    return release(digest).or(() -> Optional.ofNullable(doubts.releases().get(digest)));
  }

  private List<Release> recorded() {
    return Stream.concat(holdings.releases().values().stream(), doubts.releases().values().stream())
        .sorted(Comparator.comparing(release -> release.digest().hex()))
        .toList();
  }

  void forget(Set<Digest> releases) {
    holdings = holdings.without(releases::contains);
    doubts = doubts.without(releases);
  }

  void keep(Release release) {
    if (doubts.concerns(release)) {
      doubts = doubts.with(release);
    } else {
      holdings = holdings.with(release);
    }
  }

  // What is damaged.

  /** Whether that release is held but for blobs that are being checked. */
  public boolean isBeingChecked(Digest release) {
    return doubts.isOnlyUnchecked(release);
  }

  /** Releases that are recorded, and cannot be served because a blob of theirs is damaged. */
  public List<Release> damaged() {
    Doubts now = doubts;
    return now.releases().values().stream()
        .filter(release -> !now.isOnlyUnchecked(release.digest()))
        .toList();
  }

  /** Names who is told of damage and of its end: of what there is at once, and then of changes. */
  public void watch(Consumer<Damage> told) {
    news.watch(told);
  }

  /**
   * Hashes every blob that is served, slowly. What is damaged is served no more.
   *
   * @throws InterruptedIOException when this thread is interrupted
   */
  public Scrub scrub(Progress progress) throws InterruptedIOException {
    return scrubber.scrub(progress);
  }

  Doubts doubts() {
    return doubts;
  }

  Collection<Release> usable() {
    return holdings.releases().values();
  }

  /** The blob was hashed and is right; releases that waited for that can be served. */
  void right(Digest blob) {
    boolean changed;
    synchronized (monitor) {
      Doubts before = doubts;
      if (!before.unchecked().contains(blob) && !before.damaged().contains(blob)) {
        return;
      }
      Doubts after = before.right(blob);
      List<Release> whole =
          after.releases().values().stream().filter(r -> !after.concerns(r)).map(complete).toList();
      doubts = after.without(whole.stream().map(Release::digest).collect(toSet()));
      whole.forEach(release -> holdings = holdings.with(release));
      changed = !whole.isEmpty();
    }
    if (changed) {
      news.tell(Set.of());
    }
  }

  /**
   * Serves a damaged blob no more, nor any release that has it, and puts it aside.
   *
   * <p>Nothing is done where another file lies there by now, or no release has the blob.
   *
   * @param identity of the file that was looked at; null when there was none
   */
  void quarantine(Digest blob, @Nullable Object identity, String why) {
    synchronized (monitor) {
      if (!Objects.equals(identity, Quarantine.identity(layout.blob(blob)))
          || recorded().stream().flatMap(Holdings::blobsOf).noneMatch(blob::equals)) {
        return;
      }
      Quarantine.take(layout, blob);
      Doubts after = doubts.damaged(blob);
      for (Release release : usable()) {
        after = after.concerns(release) ? after.with(release) : after;
      }
      doubts = after;
      holdings = holdings.without(after.releases()::containsKey);
    }
    LOG.log(Level.ERROR, "cache blob=" + blob + " state=damaged why=\"" + why + "\"");
    news.tell(Set.of(layout.blob(blob)));
  }

  // What work under way asks for.

  Optional<Build> hold(Content content, Arch arch, List<Digest> layers, List<Digest> holder) {
    synchronized (monitor) {
      Optional<Build> build = holdings.buildOf(content, arch, layers);
      build.ifPresent(
          found -> found.assets().values().forEach(asset -> claims.hold(asset.digest(), holder)));
      return build;
    }
  }

  Claims claims() {
    return claims;
  }

  boolean isServed(Digest blob) {
    return holdings.blobs().contains(blob);
  }

  /** Moves a file under the name of a blob, in place of what is there. */
  void place(Path file, Digest blob) throws IOException {
    synchronized (monitor) { // so that nobody takes it for the damaged one
      Files.move(file, layout.blob(blob), ATOMIC_MOVE);
    }
  }

  Asset asset(AssetName name, Arch arch, long size, Digest digest) {
    return new Asset(name, arch, layout.blob(digest), size, digest);
  }

  /** Ends background work and lets another process have the store. */
  @Override
  public void close() throws IOException {
    scrubber.close();
    tidying.close();
    lock.close();
  }
}
