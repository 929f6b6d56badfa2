package dev.moonboot.factory;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What catalogs say of each version, read once when somebody asks, one after the other. Who asks
 * first waits for that: clients of Image Factory (Terraform's provider among them) give up at a
 * 503, and no firmware asks for this.
 */
final class Catalogs implements AutoCloseable {
  /** Reading one takes seconds. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Logger LOG = System.getLogger(Catalogs.class.getName());
  private static final int MOST = 32;
  private static final int COMING = 8;
  private static final int MOST_HELD = 16;

  private record Key(Listing.Kind kind, String version) {}

  private record Failure(String why, long since) {}

  private final Listing listing;
  private final Map<Key, String> read = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Key, Failure> failed = new LinkedHashMap<>();
  private final Map<Key, CountDownLatch> coming = new HashMap<>();
  private final WaitingRoom held;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("factory-catalogs").factory());

  Catalogs(Listing listing) {
    this(listing, LONGEST);
  }

  /**
   * @param longest how long who asks is held
   */
  Catalogs(Listing listing, Duration longest) {
    this.listing = listing;
    this.held = new WaitingRoom(MOST_HELD, longest);
  }

  /**
   * What is known, once it was read; empty where that takes too long, or too many ask.
   *
   * @throws FactoryException when it could not be read of late
   */
  Optional<String> of(Listing.Kind kind, String version) {
    Key key = new Key(kind, version);
    Optional<String> known = known(key);
    if (known.isPresent()) {
      return known;
    }
    begin(key).ifPresent(held::until);
    return known(key);
  }

  private synchronized Optional<String> known(Key key) {
    Failure failure = failed.get(key);
    if (failure != null) {
      if (System.nanoTime() - failure.since() < Orders.FAILED_FOR.toNanos()) {
        throw FactoryException.later(failure.why());
      }
      failed.remove(key);
    }
    return Optional.ofNullable(read.get(key));
  }

  /** What counts down when it was read; empty when too much is to be read already. */
  private synchronized Optional<CountDownLatch> begin(Key key) {
    if (!coming.containsKey(key) && coming.size() < COMING && !thread.isShutdown()) {
      coming.put(key, new CountDownLatch(1));
      thread.execute(() -> look(key));
    }
    return Optional.ofNullable(coming.get(key));
  }

  private void look(Key key) {
    String text = "";
    String why = "";
    try {
      text = listing.read(key.kind(), key.version()).compact() + "\n";
    } catch (RuntimeException e) {
      why = String.valueOf(e.getMessage());
      LOG.log(
          thread.isShutdown() ? Level.DEBUG : Level.WARNING,
          "factory catalog={0} version={1} failed why=\"{2}\"",
          key.kind(),
          key.version(),
          why);
    }
    end(key, text, why);
  }

  private synchronized void end(Key key, String text, String why) {
    CountDownLatch end = coming.remove(key);
    if (end != null) {
      end.countDown();
    }
    if (text.isEmpty()) {
      failed.put(key, new Failure(why, System.nanoTime()));
      shrink(failed);
    } else {
      read.put(key, text);
      shrink(read);
    }
  }

  private static void shrink(Map<Key, ?> map) {
    while (map.size() > MOST) {
      map.remove(map.keySet().iterator().next());
    }
  }

  /** Holds nobody from now on, and answers those who are held. */
  void letGo() {
    held.noMore();
    synchronized (this) {
      coming.values().forEach(CountDownLatch::countDown);
    }
  }

  @Override
  public void close() {
    letGo();
    synchronized (this) { // whoever is beginning something has begun it before this
      thread.shutdownNow();
    }
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "factory catalogs are still read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
