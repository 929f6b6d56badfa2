package dev.moonboot.config;

import java.time.Duration;
import java.util.Optional;

/** A rule that a value must keep. */
@FunctionalInterface
public interface Check<T> {
  /** What is wrong with {@code value}, as the end of "must be …"; empty when it is fine. */
  Optional<String> complaint(T value);

  /** Not smaller than {@code least}. */
  static Check<Integer> atLeast(int least) {
    return value -> value >= least ? Optional.empty() : Optional.of("at least " + least);
  }

  /** Not larger than {@code most}. */
  static Check<Integer> atMost(int most) {
    return value -> value <= most ? Optional.empty() : Optional.of("at most " + most);
  }

  /** Not shorter than {@code least}. */
  static Check<Duration> atLeast(Duration least) {
    return value ->
        value.compareTo(least) >= 0
            ? Optional.empty()
            : Optional.of("at least " + Kind.DURATION.write(least));
  }

  /** Not longer than {@code most}. */
  static Check<Duration> atMost(Duration most) {
    return value ->
        value.compareTo(most) <= 0
            ? Optional.empty()
            : Optional.of("at most " + Kind.DURATION.write(most));
  }
}
