package dev.moonboot.release;

import static java.util.stream.Collectors.toSet;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** When files of each release were last served, and which are being served now. In memory only. */
public final class Served {
  /** A node that was given one file of a release may come for the rest for so long. */
  public static final Duration RECENT = Duration.ofMinutes(30);

  private static final class Uses {
    final AtomicInteger running = new AtomicInteger();
    volatile long nanos;
    volatile Instant wall = Instant.EPOCH;
  }

  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private final Map<Digest, Uses> byRelease = new ConcurrentHashMap<>();

  public Served() {
    this(System::nanoTime, InstantSource.system());
  }

  /**
   * @param nanoTime only goes forward, as {@link System#nanoTime}
   */
  Served(LongSupplier nanoTime, InstantSource clock) {
    this.nanoTime = nanoTime;
    this.clock = clock;
  }

  /** Somebody was told of the release, or was given something of it. */
  public void note(Digest release) {
    stamp(uses(release));
  }

  /** A file of the release is on its way until the result is closed. */
  public Use begin(Digest release) {
    Uses uses = uses(release);
    uses.running.incrementAndGet();
    stamp(uses);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        stamp(uses);
        uses.running.decrementAndGet();
      }
    };
  }

  private Uses uses(Digest release) {
    Uses known = byRelease.get(release);
    return known != null ? known : byRelease.computeIfAbsent(release, _ -> new Uses());
  }

  private void stamp(Uses uses) {
    uses.nanos = nanoTime.getAsLong();
    uses.wall = clock.instant();
  }

  /** Releases that are being served, or were within {@link #RECENT}. */
  public Set<Digest> recent() {
    long now = nanoTime.getAsLong();
    return byRelease.entrySet().stream()
        .filter(entry ->
            entry.getValue().running.get() > 0 || now - entry.getValue().nanos <= RECENT.toNanos())
        .map(Map.Entry::getKey)
        .collect(toSet());
  }

  /** When the release was last served, by the wall clock; empty when not since start. */
  public Optional<Instant> last(Digest release) {
    return Optional.ofNullable(byRelease.get(release)).map(uses -> uses.wall);
  }

  /** Forgets releases that are gone. */
  public void keep(Collection<Release> releases) {
    Set<Digest> held = releases.stream().map(Release::digest).collect(toSet());
    byRelease
        .entrySet()
        .removeIf(entry -> !held.contains(entry.getKey()) && entry.getValue().running.get() == 0);
  }

  /** A file on its way. */
  @FunctionalInterface
  public interface Use extends AutoCloseable {
    @Override
    void close();
  }
}
