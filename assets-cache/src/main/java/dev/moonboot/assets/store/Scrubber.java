package dev.moonboot.assets.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Scrub;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes blobs in the background: first those that wait for it to be served, then all of them, as
 * slowly as {@link ScrubPace} says, again and again.
 */
final class Scrubber implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Scrubber.class.getName());

  private final StoreContents contents;
  private final ScrubPace pace;
  private final ReentrantLock atWork = new ReentrantLock();
  private final AtomicInteger asked = new AtomicInteger();
  private @Nullable Thread thread;

  Scrubber(StoreContents contents, ScrubPace pace) {
    this.contents = contents;
    this.pace = pace;
  }

  void start() {
    // A platform thread: hashing would keep a carrier from other work. That it yields to others is
    // the throttle's doing; Linux ignores what Java calls a thread's priority.
    thread = Thread.ofPlatform().daemon().name("cache-scrub").start(this::run);
  }

  private void run() {
    try {
      checkUnchecked();
      while (true) {
        scrubUnasked();
        Thread.sleep(pace.every());
      }
    } catch (InterruptedIOException | InterruptedException e) {
      LOG.log(Level.DEBUG, "cache scrub=stopped");
    } catch (RuntimeException e) { // the edge of this thread
      LOG.log(Level.ERROR, "cache scrub=fault", e);
    }
  }

  /** Begins anew where it made room for a scrub that somebody asked for. */
  private void scrubUnasked() throws InterruptedIOException {
    while (true) {
      try {
        log(pass(Progress.NONE, () -> asked.get() > 0));
        return;
      } catch (Throttle.Yielded e) {
        LOG.log(Level.DEBUG, "cache scrub=yielded");
      }
    }
  }

  private static void log(Scrub done) {
    LOG.log(
        done.damaged().isEmpty() ? Level.DEBUG : Level.ERROR,
        "cache scrub=done files={0} bytes={1} damaged={2} took_ms={3}",
        done.files(),
        Long.toString(done.bytes()),
        done.damaged().size(),
        Long.toString(done.took().toMillis()));
  }

  /** Blobs that were touched since we wrote them wait for this to be served. */
  private void checkUnchecked() throws InterruptedIOException {
    for (Asset blob : blobs(contents.doubts().releases().values())) {
      if (contents.doubts().unchecked().contains(blob.digest()) && check(blob, Throttle.none())) {
        mark(blob.file());
      }
    }
  }

  /** So that the next start need not hash it. */
  private static void mark(Path file) {
    try {
      Files.setLastModifiedTime(file, StoreLayout.BLOB_MARK);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cache blob=" + file + " mark=none why=\"" + e + "\"");
    }
  }

  /**
   * Hashes every blob of every release.
   *
   * @throws InterruptedIOException when this thread is interrupted
   */
  Scrub scrub(Progress progress) throws InterruptedIOException {
    asked.incrementAndGet();
    try {
      return pass(progress, () -> false);
    } finally {
      asked.decrementAndGet();
    }
  }

  private Scrub pass(Progress progress, BooleanSupplier wanted) throws InterruptedIOException {
    try {
      atWork.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another scrub was under way");
    }
    try {
      return pass(progress, new Throttle(pace.bytesPerSecond(), wanted));
    } finally {
      atWork.unlock();
    }
  }

  private Scrub pass(Progress progress, Throttle throttle) throws InterruptedIOException {
    long start = System.nanoTime();
    Collection<Asset> blobs = blobs(contents.usable());
    long total = blobs.stream().mapToLong(Asset::size).sum();
    progress.step("scrub", blobs.size() + " files");
    long done = 0;
    for (Asset blob : blobs) {
      check(blob, throttle);
      done += blob.size();
      progress.bytes(done, total);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    List<Release> damaged = contents.damaged();
    Set<Digest> bad = contents.doubts().damaged();
    return new Scrub(
        blobs.size(),
        total,
        damaged.stream().flatMap(Holdings::blobsOf).filter(bad::contains).distinct().toList(),
        damaged.stream().map(Release::digest).toList(),
        took);
  }

  private static Collection<Asset> blobs(Collection<Release> releases) {
    Map<String, Asset> blobs = new TreeMap<>();
    releases.stream()
        .flatMap(release -> release.builds().values().stream())
        .flatMap(build -> build.assets().values().stream())
        .forEach(asset -> blobs.put(asset.digest().hex(), asset));
    return blobs.values();
  }

  /** True when the blob is right; what is damaged is in quarantine then. */
  private boolean check(Asset blob, Throttle throttle) throws InterruptedIOException {
    Path file = blob.file();
    Object identity = null;
    String why;
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
      identity = found.fileKey();
      if (found.isRegularFile() && StoreReader.hash(file, throttle::took).equals(blob.digest())) {
        contents.right(blob.digest());
        return true;
      }
      why = "it does not hold what its name says";
    } catch (InterruptedIOException e) {
      throw e;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedIOException("interrupted while hashing");
    } catch (NoSuchFileException e) {
      why = "it is missing";
    } catch (IOException e) {
      why = e.toString();
    }
    contents.quarantine(blob.digest(), identity, why);
    return false;
  }

  @Override
  public void close() {
    BackgroundThread.end(thread);
  }
}
