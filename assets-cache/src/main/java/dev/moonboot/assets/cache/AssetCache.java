package dev.moonboot.assets.cache;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import dev.moonboot.assets.registry.ImageReferences;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Releases of the followed channels, on disk, and how they come there.
 *
 * <p>What nothing needs is deleted after each refresh, once {@link #roots} are known; see {@link
 * #sweep}. Files are read again now and then; see {@link #scrub}.
 */
public final class AssetCache implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final AssetStore store;
  private final Housekeeping housekeeping;
  private final Refresher refresher;
  private final ConcurrentMap<Channel, FutureTask<Refresh>> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  AssetCache(AssetStore store, Housekeeping housekeeping, Refresher refresher) {
    this.store = store;
    this.housekeeping = housekeeping;
    this.refresher = refresher;
  }

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
        settings, ImageAccess.of(settings.registry()), CacheLimits.keeping(settings.keep()));
  }

  static AssetCache open(CacheSettings settings, ImageAccess access, CacheLimits limits) {
    try {
      AssetStore store = AssetStore.open(settings.root(), settings.state(), limits.nanoTime());
      Troubles troubles = new Troubles(settings.root(), settings.state());
      Housekeeping housekeeping = new Housekeeping(store, limits, InstantSource.system());
      return new AssetCache(
          store, housekeeping, new Refresher(store, troubles, access, housekeeping));
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

  /**
   * Looks whether the channel's tag moved, and if so brings the new release here and makes it the
   * head. Whoever asks for the same channel meanwhile waits for the same outcome.
   */
  public Refresh refresh(Channel channel, Progress progress) {
    if (closed) {
      throw new CacheException("the cache is closed", null);
    }
    FutureTask<Refresh> mine = new FutureTask<>(() -> refresher.refresh(channel, progress));
    FutureTask<Refresh> first = running.putIfAbsent(channel, mine);
    if (first != null) {
      return outcome(first);
    }
    try {
      mine.run();
    } finally {
      running.remove(channel, mine);
    }
    return outcome(mine);
  }

  private static Refresh outcome(FutureTask<Refresh> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException("interrupted while a refresh was under way", e);
    } catch (ExecutionException e) {
      throw new CacheException("a refresh failed: " + e.getCause(), e.getCause());
    }
  }

  /** The release that the channel names now; empty when none was brought here yet. */
  public Optional<Release> head(Channel channel) {
    return releases(channel).stream().findFirst();
  }

  /** The release of that image digest, if it is held. */
  public Optional<Release> release(Digest digest) {
    return store.release(digest);
  }

  /** What is held of a channel, newest first: its head, then what was its head before. */
  public List<Release> releases(Channel channel) {
    return store.releases(channel.name());
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
  public void watch(Consumer<Damage> listener) {
    store.watch(listener);
  }

  /** Ends what runs and gives the directory free. */
  @Override
  public void close() {
    closed = true;
    refresher.close();
    try {
      for (FutureTask<Refresh> task : List.copyOf(running.values())) {
        task.get(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Whoever asked for the refresh learns why it ended; a late one finds the files it needs
      // gone.
    }
    try {
      store.close();
    } catch (IOException e) {
      throw new CacheException("the cache could not be closed: " + Troubles.text(e), e);
    }
  }
}
