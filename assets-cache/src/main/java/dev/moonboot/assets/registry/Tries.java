package dev.moonboot.assets.registry;

import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Work that is tried again where trying again may help, until this is closed. */
final class Tries implements AutoCloseable {
  /** One try; an IOException says that another one may succeed. */
  @FunctionalInterface
  interface Try<T> {
    T run() throws IOException;
  }

  private final String who;
  private final Duration backoff;
  private final Retry.Pauses pauses;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Tries with one peer.
   *
   * @param who the peer, for people
   * @param pauses null for real ones
   */
  Tries(String who, Duration backoff, Retry.@Nullable Pauses pauses) {
    this.who = who;
    this.backoff = backoff;
    this.pauses = pauses == null ? this::pause : pauses;
  }

  /** For work that counts its own failures. */
  Retry retry() {
    return new Retry(backoff, pauses);
  }

  /**
   * What the work gives in the end.
   *
   * @throws RegistryException when it shall not be tried again
   */
  <T> T run(Try<T> work) {
    Retry retry = retry();
    while (true) {
      try {
        return work.run();
      } catch (IOException e) {
        retry.after(e);
      }
    }
  }

  private void pause(Duration time) {
    try {
      if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new RegistryException(Reason.UNREACHABLE, who + ": closed");
      }
    } catch (InterruptedException e) {
      throw Interrupted.now(e);
    }
  }

  /** Ends whoever pauses. */
  @Override
  public void close() {
    closed.countDown();
  }
}
