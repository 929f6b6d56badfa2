package dev.moonboot.http;

import dev.moonboot.metrics.Meters;
import dev.moonboot.metrics.Meters.Protocol;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** The places for files being sent at once. */
final class Transfers {
  private final Semaphore free;
  private final Meters meters;

  Transfers(int most, Meters meters) {
    this.free = new Semaphore(most);
    this.meters = meters;
  }

  /** A place, if one is free. */
  Optional<Place> take() {
    if (!free.tryAcquire()) {
      return Optional.empty();
    }
    meters.transferStarted(Protocol.HTTP);
    return Optional.of(new Place());
  }

  /** One file's place, until it is closed. */
  final class Place implements AutoCloseable {
    private final AtomicBoolean held = new AtomicBoolean(true);

    /** The file that takes this place. */
    Transfer with(Body file) {
      return new Transfer(file, this, meters);
    }

    @Override
    public void close() {
      if (held.compareAndSet(true, false)) {
        free.release();
        meters.transferEnded(Protocol.HTTP);
      }
    }
  }
}
