package dev.moonboot.assets.store;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Releases on disk, by digest. What it returns is whole: a release has all its blobs, and a blob
 * has the bytes its digest says. Work under way is an {@link Ingest}; nothing of it is visible
 * before {@link Ingest#publish}, and then all of it is.
 *
 * <p>Readers take no lock. One process has a store at a time.
 */
public final class AssetStore implements AutoCloseable {
  private final StoreLayout layout;
  private final StoreLock lock;
  private final StoreContents contents;
  private final LongSupplier nanoTime;
  private final Tidying tidying;
  private final Scrubber scrubber;
  private final Sweeper sweeper;
  private final Heads heads;
  private final Inputs inputs;
  private final Recipes recipes;

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
      StoreContents contents = new StoreContents(layout, reader, ways.complete());
      AssetStore store = new AssetStore(new Ground(layout, lock, reader), contents, nanoTime, ways);
      store.heads.heal();
      store.tidying.start();
      store.scrubber.start();
      return store;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** What was found when it was opened. */
  private record Ground(StoreLayout layout, StoreLock lock, StoreReader reader) {}

  private AssetStore(Ground ground, StoreContents contents, LongSupplier nanoTime, Ways ways) {
    this.layout = ground.layout();
    this.lock = ground.lock();
    this.contents = contents;
    this.nanoTime = nanoTime;
    this.tidying = new Tidying(contents, layout);
    this.scrubber = new Scrubber(contents, ways.pace());
    this.sweeper = new Sweeper(contents, layout, ground.reader().isSure());
    this.heads = new Heads(contents, layout, ground.reader());
    this.inputs = new Inputs(layout.inputs());
    this.recipes = new Recipes(layout, contents::recorded, () -> contents.holdings().heads());
  }

  /** The release of that image digest, if it is held. */
  public Optional<Release> release(Digest digest) {
    return contents.release(digest);
  }

  /** What a channel names, whether that can be served or not. */
  public Optional<Digest> head(String channel) {
    return contents.holdings().channel(channel).head().map(ChannelRecord.Mark::release);
  }

  /** The releases of a channel that can be served, newest first. */
  public List<Release> releases(String channel) {
    return contents.holdings().releasesOf(channel);
  }

  /**
   * As {@link #release}; where nothing needs it, it stays for as long as if that were so only now.
   */
  public Optional<Release> take(Digest digest) {
    return sweeper.renewed(digest);
  }

  /** Keeps sweeps away from a release, held already or not yet, until it is closed. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /** A lease on what is about to be made a head: there may be long between finding it and that. */
  public Lease lease(Digest release) {
    return contents.claims().lease(release);
  }

  /** All releases that can be served. */
  public List<Release> all() {
    return List.copyOf(contents.usable());
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

  /**
   * Writes down why a release that is held was let in.
   *
   * @throws IOException when it is not known whether that lasts; here nothing changed then
   */
  public Release admit(Digest digest, Admission admission) throws IOException {
    return contents.admit(digest, admission);
  }

  /** Bytes that this process could still write. */
  public long usableSpace() throws IOException {
    return Disk.usableSpace(layout.root());
  }

  /** Bytes of all that is below the root. */
  public long usedSpace() throws IOException {
    return Disk.sizeOf(layout.root());
  }

  /**
   * Deletes what is kept for the case that somebody wants it: damaged blobs that were put aside,
   * layers of pulls that were broken off, inputs that are not in use.
   */
  public void makeRoom() throws IOException {
    tidying.allLeftovers();
    inputs.trim(0);
  }

  /**
   * Begins work on an image; parts of layers that an earlier attempt left are there again.
   *
   * @throws StoreException (IN_USE) when work on it is under way already
   */
  public Ingest ingest(Digest image) throws IOException {
    contents.claims().claim(image);
    try {
      return Ingest.open(contents, layout, image);
    } catch (IOException | RuntimeException e) {
      contents.claims().unclaim(image, List.of());
      throw e;
    }
  }

  /**
   * Deletes releases that nothing needs: no root, neither the head of a followed channel nor one of
   * the newest before it, no work under way; and that for an hour already, by what sweeps saw.
   *
   * @throws IOException when something could not be deleted; what was to be kept is all there
   */
  public Sweep sweep(SweepOrder order) throws IOException {
    Sweep sweep = sweeper.sweep(order, nanoTime.getAsLong());
    if (!order.dryRun()) {
      tidying.leftovers();
    }
    return sweep;
  }

  /** Whether that release is held but for blobs that are being checked. */
  public boolean isBeingChecked(Digest release) {
    return contents.doubts().isOnlyUnchecked(release);
  }

  /** Releases that are recorded, and cannot be served because a blob of theirs is damaged. */
  public List<Release> damaged() {
    return contents.damaged();
  }

  /** Names who is told of damage and of its end: of what there is at once, and then of changes. */
  public void watch(Consumer<Damage> told) {
    contents.news().watch(told);
  }

  /**
   * Hashes every blob that is served, slowly. What is damaged is served no more.
   *
   * @throws InterruptedIOException when this thread is interrupted
   */
  public Scrub scrub(Progress progress) throws InterruptedIOException {
    return scrubber.scrub(progress);
  }

  /** Ends background work and lets another process have the store. */
  @Override
  public void close() throws IOException {
    scrubber.close();
    tidying.close();
    lock.close();
  }
}
