package dev.moonboot.factory;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What catalogs say of each version, read once when somebody asks, one after the other. */
final class Catalogs implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Catalogs.class.getName());
  private static final int MOST = 32;
  private static final int WAITING = 8;

  private record Key(Listing.Kind kind, String version) {}

  private record Failure(String why, long since) {}

  private final Listing listing;
  private final Map<Key, String> read = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Key, Failure> failed = new LinkedHashMap<>();
  private final Set<Key> waiting = new HashSet<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("factory-catalogs").factory());

  Catalogs(Listing listing) {
    this.listing = listing;
  }

  /**
   * What is known; empty while it is being read.
   *
   * @throws FactoryException when it could not be read of late
   */
  synchronized Optional<String> of(Listing.Kind kind, String version) {
    Key key = new Key(kind, version);
    String known = read.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Failure failure = failed.get(key);
    if (failure != null) {
      if (System.nanoTime() - failure.since() < Orders.FAILED_FOR.toNanos()) {
        throw FactoryException.tooMany(failure.why());
      }
      failed.remove(key);
    }
    if (waiting.size() < WAITING && waiting.add(key)) {
      thread.execute(() -> look(key));
    }
    return Optional.empty();
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
    waiting.remove(key);
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

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "factory catalogs are still read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
