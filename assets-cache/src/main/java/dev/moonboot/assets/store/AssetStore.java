package dev.moonboot.assets.store;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Releases on disk, by digest. What it returns is whole: a release has all its blobs, and a blob
 * has the bytes its digest says. Work under way is an {@link Ingest}; nothing of it is visible
 * before {@link Ingest#publish}, and then all of it is.
 *
 * <p>Readers take no lock. One process has a store at a time.
 */
public final class AssetStore implements AutoCloseable {
  /**
   * How long a release stays after it stopped being a head, whatever else: nodes that were told of
   * it may still ask for the rest of it. Counted from the start where that was before.
   */
  private static final Duration GRACE = Duration.ofMinutes(30);

  private final StoreLayout layout;
  private final StoreLock lock;
  private final LongSupplier nanoTime;
  private final long opened;
  private final Tidying tidying;

  private final Object monitor = new Object(); // guards writes and the three below
  private final Set<Digest> claimed = new HashSet<>();
  private final Map<Digest, Integer> held = new HashMap<>();
  private final Map<Digest, Long> retired = new HashMap<>();

  private volatile Holdings holdings;

  /**
   * Opens the store in two directories, which are made when they are missing. Leftovers of a crash
   * are removed in the background. A state that can be neither made nor read does not stand in the
   * way: what is held can be found by digest, and nothing can be made a head.
   *
   * @param root where releases are
   * @param state where it is kept which release a channel names
   * @throws StoreException (LOCKED) when another process has one of them
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
    StoreLayout layout =
        new StoreLayout(root.toAbsolutePath().normalize(), state.toAbsolutePath().normalize());
    layout.make();
    StoreLock lock = StoreLock.take(layout);
    try {
      StoreReader reader = new StoreReader(layout);
      Holdings found = reader.read();
      AssetStore store = new AssetStore(layout, lock, found, nanoTime);
      store.tidying.start(reader.isSure());
      return store;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private AssetStore(StoreLayout layout, StoreLock lock, Holdings holdings, LongSupplier nanoTime) {
    this.layout = layout;
    this.lock = lock;
    this.holdings = holdings;
    this.nanoTime = nanoTime;
    this.opened = nanoTime.getAsLong();
    this.tidying = new Tidying(this, layout);
  }

  /** The release of that image digest, if it is held. */
  public Optional<Release> release(Digest digest) {
    return Optional.ofNullable(holdings.releases().get(digest));
  }

  /** The releases of a channel that can be served, newest first. */
  public List<Release> releases(String channel) {
    return holdings.releasesOf(channel);
  }

  /** True when that is what the channel names, on disk as well as here. */
  public boolean isHead(String channel, Digest digest) {
    List<Digest> history = holdings.channel(channel).history();
    return !history.isEmpty()
        && history.getFirst().equals(digest)
        && holdings.releases().containsKey(digest);
  }

  /** Bytes that this process could still write. */
  public long usableSpace() throws IOException {
    return Files.getFileStore(layout.root()).getUsableSpace();
  }

  /**
   * Begins work on an image; parts of layers that an earlier attempt left are there again.
   *
   * @throws StoreException (IN_USE) when work on it is under way already
   */
  public Ingest ingest(Digest image) throws IOException {
    synchronized (monitor) {
      if (!claimed.add(image)) {
        throw new StoreException(
            StoreException.Reason.IN_USE, "work on " + image + " is under way already");
      }
    }
    try {
      return Ingest.open(this, layout, image);
    } catch (IOException | RuntimeException e) {
      unclaim(image, List.of());
      throw e;
    }
  }

  /**
   * Makes a release that is held the head of a channel.
   *
   * @throws IOException when it is not known whether that lasts; here nothing changed then
   */
  public void advance(String channel, Digest digest) throws IOException {
    synchronized (monitor) {
      if (!holdings.releases().containsKey(digest)) {
        throw new IllegalArgumentException(digest + " is not held");
      }
      layout.makeState();
      ChannelRecord now = holdings.channel(channel);
      List<Digest> history = new ArrayList<>(now.history());
      history.addFirst(digest);
      ChannelRecord next = now.next(history);
      next.write(layout);
      if (!now.history().isEmpty()) {
        retired.put(now.history().getFirst(), nanoTime.getAsLong());
      }
      holdings = holdings.with(next);
    }
  }

  /** Keeps a release; a build that is held already under that digest stays, unless given anew. */
  Release record(Release release) throws IOException {
    synchronized (monitor) {
      Release merged = merge(release);
      ReleaseRecord.write(layout, merged);
      retired.put(merged.digest(), nanoTime.getAsLong());
      holdings = holdings.with(merged);
      return merged;
    }
  }

  private Release merge(Release release) {
    Release before = holdings.releases().get(release.digest());
    if (before == null) {
      return release;
    }
    Map<Arch, Build> builds = new EnumMap<>(before.builds());
    builds.putAll(release.builds());
    return new Release(release.digest(), release.source(), builds, release.created());
  }

  /**
   * Deletes releases that no channel needs any more: what is neither a head nor one of the {@code
   * keep} newest before it, and has not been a head for half an hour.
   *
   * @throws IOException when something could not be deleted; what was to be kept is all there
   */
  public void sweep(int keep) throws IOException {
    synchronized (monitor) {
      Holdings before = holdings;
      SweepPlan plan = SweepPlan.of(before, keep, this::isPastGrace);
      for (ChannelRecord channel : plan.channels()) {
        channel.write(layout);
        holdings = holdings.with(channel);
      }
      if (!plan.releases().isEmpty()) {
        holdings = plan.left();
        delete(plan.releases(), plan.blobs(before));
      }
    }
    tidying.ingests();
  }

  /** Records first, and for good: a record must never outlive its blobs. */
  private void delete(Set<Digest> releases, Set<Digest> blobs) throws IOException {
    for (Digest digest : releases) {
      Files.deleteIfExists(layout.release(digest));
      retired.remove(digest);
    }
    Disk.syncDirectory(layout.releases());
    for (Digest blob : blobs) {
      if (!held.containsKey(blob)) {
        Files.deleteIfExists(layout.blob(blob));
      }
    }
  }

  private boolean isPastGrace(Digest release) {
    long since = retired.getOrDefault(release, opened);
    return nanoTime.getAsLong() - since >= GRACE.toNanos();
  }

  // What work under way asks for.

  Optional<Build> hold(Arch arch, List<Digest> layers, List<Digest> holder) {
    synchronized (monitor) {
      Optional<Build> build = holdings.buildOf(arch, layers);
      build.ifPresent(
          found -> found.assets().values().forEach(asset -> hold(asset.digest(), holder)));
      return build;
    }
  }

  void hold(Digest blob, List<Digest> holder) {
    synchronized (monitor) {
      held.merge(blob, 1, Integer::sum);
      holder.add(blob);
    }
  }

  void unclaim(Digest image, List<Digest> holder) {
    synchronized (monitor) {
      claimed.remove(image);
      for (Digest blob : holder) {
        held.computeIfPresent(blob, (_, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  boolean isServed(Digest blob) {
    return holdings.blobs().contains(blob);
  }

  /** Runs {@code action} while nobody works on that image, or not at all. */
  void whileUnclaimed(Digest image, Runnable action) {
    synchronized (monitor) {
      if (!claimed.contains(image)) {
        action.run();
      }
    }
  }

  /** Runs {@code action} while nothing needs that blob, or not at all. */
  void whileUnneeded(Digest blob, Runnable action) {
    synchronized (monitor) {
      if (!held.containsKey(blob) && !isServed(blob)) {
        action.run();
      }
    }
  }

  Asset asset(AssetName name, Arch arch, long size, Digest digest) {
    return new Asset(name, arch, layout.blob(digest), size, digest);
  }

  /** Ends background work and lets another process have the store. */
  @Override
  public void close() throws IOException {
    tidying.close();
    lock.close();
  }
}
