package dev.moonboot.assets.cache;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.Layers;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.Registry;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A layer on its way into a file, fetched by a thread of its own, so that it is unpacked while the
 * rest still comes.
 */
final class ComingLayer implements Layers.Arrival, AutoCloseable {
  private final Thread fetcher;
  private final Progress progress;
  private long there;
  private boolean begunAnew;
  private boolean ended;
  private @Nullable Throwable failure;

  private ComingLayer(Registry registry, Descriptor layer, Path file, Progress progress) {
    this.progress = progress;
    // A platform thread: hashing what comes would keep a carrier from other work.
    this.fetcher =
        Thread.ofPlatform()
            .daemon()
            .name("fetch-layer")
            .unstarted(() -> fetch(registry, layer, file));
  }

  static ComingLayer start(Registry registry, Descriptor layer, Path file, Progress progress) {
    ComingLayer coming = new ComingLayer(registry, layer, file, progress);
    coming.fetcher.start();
    return coming;
  }

  private void fetch(Registry registry, Descriptor layer, Path file) {
    Throwable why = null;
    try {
      registry.download(
          layer,
          file,
          new Progress() {
            @Override
            public void bytes(long done, long total) {
              came(done);
              progress.bytes(done, total);
            }
          });
    } catch (RuntimeException | Error e) { // handed to whoever reads
      why = e;
    }
    end(why);
  }

  private synchronized void came(long bytes) {
    begunAnew |= bytes < there;
    there = bytes;
    notifyAll();
  }

  private synchronized void end(@Nullable Throwable why) {
    failure = why;
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized boolean await(long position) {
    try {
      while (!ended && there <= position) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted while fetching"));
    }
    switch (failure) {
      case null -> {}
      case Error error -> throw new IllegalStateException(error);
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
    return ended;
  }

  /** Whether bytes were taken back after they had been there: then what was read is worthless. */
  synchronized boolean hasBegunAnew() {
    return begunAnew;
  }

  synchronized boolean isComing() {
    return !ended;
  }

  /** Stops fetching, if it still goes on, and waits until it has stopped. */
  @Override
  public void close() {
    boolean interrupted = false;
    if (isComing()) {
      fetcher.interrupt();
    }
    while (fetcher.isAlive()) {
      try {
        fetcher.join();
      } catch (InterruptedException e) {
        interrupted = true; // the file must be closed before we return; then pass it on
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
