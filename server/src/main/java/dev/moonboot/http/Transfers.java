package dev.moonboot.http;

import dev.moonboot.metrics.Meters;
import dev.moonboot.metrics.Meters.Protocol;
import dev.moonboot.release.Served;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The places for files being sent at once. When all are taken, a newcomer gets the place of who has
 * not read for longest, if that one's address has more places than the newcomer's: readers that
 * never read keep nobody from booting, and cannot take places from each other for ever.
 */
final class Transfers {
  /** Who has read within this keeps its place. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final int most;
  private final Duration patience;
  private final Meters meters;
  private final EventLog log;
  private final Set<Place> taken = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();

  Transfers(int most, Duration patience, Meters meters, EventLog log) {
    this.most = most;
    this.patience = patience;
    this.meters = meters;
    this.log = log;
  }

  /** A place for {@code client}, if there is one. */
  synchronized Optional<Place> take(String client) {
    if (taken.size() >= most && !displace(client)) {
      return Optional.empty();
    }
    meters.transferStarted(Protocol.HTTP);
    Place place = new Place(client);
    taken.add(place);
    counts.merge(client, 1, Integer::sum);
    return Optional.of(place);
  }

  /** The difference of two keeps two addresses from taking one place from each other in turns. */
  private boolean displace(String client) {
    int own = counts.getOrDefault(client, 0);
    Optional<Place> idlest =
        taken.stream()
            .filter(place -> counts.getOrDefault(place.client, 0) >= own + 2)
            .filter(place -> place.stalled() > patience.toNanos())
            .max(Comparator.comparingLong(Place::stalled));
    idlest.ifPresent(place -> {
      log.warning("transfer_cut", "client", place.client, "why", "reads nothing", "for", client);
      place.cut();
    });
    return idlest.isPresent();
  }

  private synchronized void leave(Place place) {
    if (taken.remove(place)) {
      counts.computeIfPresent(place.client, (_, count) -> count == 1 ? null : count - 1);
      meters.transferEnded(Protocol.HTTP);
    }
  }

  /** One file's place, until it is closed. */
  final class Place implements AutoCloseable {
    private final String client;
    private volatile @Nullable Output out;

    private Place(String client) {
      this.client = client;
    }

    /**
     * The file that takes this place.
     *
     * @param sent told how many bytes were sent in the end
     */
    Transfer with(Body file, LongConsumer sent) {
      return with(file, () -> {}, sent);
    }

    /**
     * As {@link #with(Body, LongConsumer)}.
     *
     * @param use closed when the file is
     */
    Transfer with(Body file, Served.Use use, LongConsumer sent) {
      return new Transfer(file, this, use, meters, sent);
    }

    /** From now on the file goes there. */
    void sendingTo(Output to) {
      out = to;
    }

    /** How long the client has taken nothing, in nanoseconds; 0 before anything is sent. */
    private long stalled() {
      Output to = out;
      return to == null ? 0 : to.stalled();
    }

    private void cut() {
      leave(this);
      Output to = out;
      if (to != null) {
        to.cut();
      }
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
