package dev.moonboot.assets.registry;

import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How long one piece of work is tried: five times after failures without progress, with a pause
 * that doubles and is drawn at random below that (full jitter); three times in all when content is
 * wrong.
 */
final class Retry {
  private static final System.Logger LOG = System.getLogger(Retry.class.getName());
  private static final int FAILURES = 5;
  private static final int MISMATCHES = 3;

  /** Waiting longer than this is left to the caller, who knows what else there is to do. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** How pauses are made. */
  @FunctionalInterface
  interface Pauses {
    /**
     * Waits.
     *
     * @throws RegistryException when the wait is over because the registry was closed
     */
    void pause(Duration time);
  }

  /** Content of another digest or size than asked for. */
  static final class Mismatch extends IOException {
    private static final long serialVersionUID = 1;

    Mismatch(String message) {
      super(message);
    }
  }

  /** The registry asks us to come later. */
  static final class ComeBack extends IOException {
    private static final long serialVersionUID = 1;
    private final @Nullable Duration after;

    ComeBack(String message, @Nullable Duration after) {
      super(message);
      this.after = after;
    }
  }

  private final Duration backoff;
  private final Pauses pauses;
  private int failures;
  private int mismatches;

  Retry(Duration backoff, Pauses pauses) {
    this.backoff = backoff;
    this.pauses = pauses;
  }

  /** Something came: failures are counted anew. */
  void progressed() {
    failures = 0;
  }

  /**
   * Returns when it is time for the next try.
   *
   * @throws RegistryException when there shall be none
   */
  void after(IOException failure) {
    Duration pause =
        switch (failure) {
          case Mismatch wrong -> afterMismatch(wrong);
          case ComeBack later -> afterComeBack(later);
          default -> afterFailure(failure, Reason.UNREACHABLE);
        };
    LOG.log(
        Level.INFO,
        () -> "registry retry in_ms=" + pause.toMillis() + " why=\"" + failure.getMessage() + "\"");
    pauses.pause(pause);
  }

  private Duration afterMismatch(Mismatch wrong) {
    if (++mismatches >= MISMATCHES) {
      throw new RegistryException(Reason.DIGEST_MISMATCH, text(wrong), wrong, null);
    }
    return backoff.multipliedBy(1L << (2 * (mismatches - 1)));
  }

  private Duration afterComeBack(ComeBack later) {
    Duration after = later.after;
    if (after != null && after.compareTo(LONGEST_WAIT) > 0) {
      throw new RegistryException(Reason.BUSY, text(later), later, after);
    }
    Duration pause = afterFailure(later, Reason.BUSY);
    return after == null ? pause : after;
  }

  private Duration afterFailure(IOException failure, Reason reason) {
    if (++failures > FAILURES) {
      Duration after = failure instanceof ComeBack later ? later.after : null;
      throw new RegistryException(reason, text(failure), failure, after);
    }
    long most = backoff.multipliedBy(Math.min(60, 1L << (failures - 1))).toMillis();
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
  }

  private static String text(IOException failure) {
    return String.valueOf(failure.getMessage());
  }
}
