package dev.moonboot.profile;

import dev.moonboot.profile.WatchedFolders.Changes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps a catalog as its files are. A change shows within a second: at once where the file system
 * tells of it, and then only the files that it tells of are looked at. Otherwise (network file
 * systems, files behind symbolic links, no inotify watches left) it shows when the stamps of all
 * files are looked at, which happens every half second; less often, every ten seconds at worst,
 * where so many files are looked at that it would cost noticeable time.
 */
public final class CatalogWatcher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CatalogWatcher.class.getName());

  /** Editors write a file in several steps: what follows within this is one change. */
  private static final Duration QUIET = Duration.ofMillis(30);

  private static final int MAX_QUIET_WAITS = 10;
  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Pauses are this many times as long as a look took: ten thousand files take some 50 ms. */
  private static final int COST_FACTOR = 20;

  private final CatalogReader reader;
  private final WatchService events;
  private final WatchedFolders folders;
  private final Thread thread;
  private volatile Catalog current;

  /**
   * Reads the catalog and begins to watch it.
   *
   * @param root the data directory, which has {@code groups} and {@code profiles} in it; what does
   *     not exist yet is found once it does
   * @throws UncheckedIOException when the system has no more room for watchers
   */
  public CatalogWatcher(Path root) {
    try {
      events = FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch " + root, e);
    }
    reader = new CatalogReader(root);
    folders = new WatchedFolders(events);
    folders.register(reader.folders()); // before reading, so that no change is missed in between
    current = reader.read();
    thread = Thread.ofVirtual().name("catalog-watcher").start(this::run);
  }

  /** The catalog as its files were a moment ago. */
  public Catalog current() {
    return current;
  }

  /** The catalog as its files are now: what was written before the call is in it. */
  public Catalog refresh() {
    return refresh(reader::read);
  }

  /** The catalog with these files as they are now, and all others as they were a moment ago. */
  Catalog refresh(Path... files) {
    return refresh(() -> reader.read(List.of(files)));
  }

  private Catalog refresh(Supplier<Catalog> reading) {
    synchronized (reader) {
      Catalog now = reading.get();
      current = now;
      return now;
    }
  }

  private void run() {
    try {
      long next = System.nanoTime() + SHORTEST.toNanos();
      while (true) {
        Changes changes = awaitChanges(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
        if (changes.all() || System.nanoTime() - next >= 0) {
          next = System.nanoTime() + look().toNanos();
        } else if (!changes.files().isEmpty()) {
          look(changes.files());
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      LOG.log(Level.DEBUG, "catalog watcher stopped");
    }
  }

  private Changes awaitChanges(Duration atMost) throws InterruptedException {
    Changes changes = Changes.NONE;
    Duration wait = atMost;
    for (int i = 0; i < MAX_QUIET_WAITS; i++) {
      var key = events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (key == null) {
        return changes;
      }
      changes = changes.and(WatchedFolders.changes(key));
      wait = QUIET;
    }
    return changes;
  }

  /** Looks at all files; gives how long to wait before doing so again. */
  private Duration look() {
    long start = System.nanoTime();
    guarded(this::refresh);
    Duration pause = Duration.ofNanos((System.nanoTime() - start) * COST_FACTOR);
    if (pause.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }

  private void look(Set<Path> files) {
    guarded(() -> refresh(files.toArray(Path[]::new)));
  }

  private void guarded(Runnable look) {
    try {
      Set<Path> watched = watched();
      folders.register(watched);
      look.run();
      if (!watched().equals(watched)) { // what lies in other folders now may have changed meanwhile
        folders.register(watched());
        refresh();
      }
    } catch (ClosedWatchServiceException e) {
      throw e;
    } catch (RuntimeException e) { // the edge of this thread: the catalog must go on being watched
      LOG.log(Level.ERROR, "catalog cannot be read again; the last one stays in force", e);
    }
  }

  private Set<Path> watched() {
    synchronized (reader) {
      return reader.folders();
    }
  }

  /** How often a file was looked at so far. */
  long looks() {
    synchronized (reader) {
      return reader.looks();
    }
  }

  /** True until closed, unless the watching thread died. */
  public boolean isRunning() {
    return thread.isAlive();
  }

  /** Stops watching, and waits until the thread has ended. */
  @Override
  public void close() {
    try {
      events.close(); // which wakes the thread; an interrupt could tear the file it reads
      if (!thread.join(Duration.ofSeconds(10))) {
        LOG.log(Level.ERROR, "catalog watcher does not stop");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
