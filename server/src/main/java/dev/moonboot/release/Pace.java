package dev.moonboot.release;

import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long until a channel is looked at again. Every pause is varied by a fifth either way, so that
 * many appliances do not ask one registry in step.
 */
final class Pace {
  /** While there is nothing to serve somebody is waiting: no pause of ours is longer. */
  static final Duration MAX_WITHOUT_HEAD = Duration.ofSeconds(30);

  /** A registry that comes back after hours is noticed within this. */
  static final Duration MAX_UNREACHABLE = Duration.ofMinutes(5);

  /** Asking often with wrong credentials gets accounts locked. */
  static final Duration MAX_AUTH = Duration.ofMinutes(30);

  /** How long a registry can make us wait. */
  static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(15);

  private static final Duration FIRST_WITHOUT_HEAD = Duration.ofSeconds(1);
  private static final Duration FIRST_UNREACHABLE = Duration.ofSeconds(15);
  private static final int MAX_DOUBLINGS = 20;

  private volatile Duration every;
  private final DoubleSupplier random;

  /**
   * @param every the pause while all is well
   * @param random between 0 and 1
   */
  Pace(Duration every, DoubleSupplier random) {
    this.every = every;
    this.random = random;
  }

  /** From now on the pause while all is well is this one. */
  void every(Duration pause) {
    every = pause;
  }

  /**
   * The pause after a look.
   *
   * @param failures looks in a row that did not succeed, this one included
   * @param hasHead whether the channel has something to serve
   */
  Duration after(Refresh outcome, int failures, boolean hasHead) {
    return switch (outcome) {
      case Unchanged _, Updated _ -> jittered(every);
      case Rejected _, Held _ -> wellButUseless(failures, hasHead);
      case Failed(var trouble, var _, var retryAfter) ->
          atLeast(
              retryAfter,
              switch (trouble) {
                case AUTH_FAILED, AUTH_REALM_REFUSED -> refused(failures, hasHead);
                case TAG_MISSING, DIGEST_MISMATCH, PROGRAM_MISSING ->
                    wellButUseless(failures, hasHead);
                case BUSY, UNREACHABLE, BAD_ANSWER, NO_SPACE, READ_ONLY, STOPPED ->
                    unreachable(failures, hasHead);
              });
    };
  }

  private Duration refused(int failures, boolean hasHead) {
    Duration first = hasHead ? every.multipliedBy(2) : FIRST_UNREACHABLE;
    return doubled(first, failures, longer(every, MAX_AUTH));
  }

  private Duration wellButUseless(int failures, boolean hasHead) {
    return hasHead ? jittered(every) : doubled(FIRST_WITHOUT_HEAD, failures, MAX_WITHOUT_HEAD);
  }

  private Duration unreachable(int failures, boolean hasHead) {
    return hasHead
        ? doubled(shorter(FIRST_UNREACHABLE, every), failures, MAX_UNREACHABLE)
        : doubled(FIRST_WITHOUT_HEAD, failures, MAX_WITHOUT_HEAD);
  }

  private Duration doubled(Duration first, int failures, Duration cap) {
    int doublings = Math.clamp(failures - 1, 0, MAX_DOUBLINGS);
    return shorter(jittered(first.multipliedBy(1L << doublings)), cap);
  }

  private Duration jittered(Duration pause) {
    return Duration.ofMillis(Math.round(pause.toMillis() * (0.8 + 0.4 * random.getAsDouble())));
  }

  private static Duration atLeast(@Nullable Duration retryAfter, Duration pause) {
    return retryAfter == null ? pause : longer(pause, shorter(retryAfter, MAX_RETRY_AFTER));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
