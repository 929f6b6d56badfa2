package dev.moonboot.assets.verify;

import java.time.Instant;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Checks signatures that were made with a certificate of minutes instead of a key that somebody
 * keeps. What it takes is large, so it is a part of its own: an implementation is found by {@link
 * ServiceLoader} where one is on the class path.
 *
 * <p>Calls come from several threads. Nothing is fetched: what it needs is in the trusted root and
 * in the candidate.
 */
public interface KeylessVerifier {
  /** What came of a check. */
  sealed interface Outcome {
    /**
     * The signature is good, by that identity, and covers {@link Candidate#subject}.
     *
     * @param signedAt when, as a log or an authority for timestamps confirmed it; null when none
     *     did
     */
    record Good(@Nullable Instant signedAt) implements Outcome {}

    /** It is not; {@code why} is for people. */
    record Bad(String why) implements Outcome {}
  }

  /**
   * Whether {@code signer}'s trusted root can be used; asked once, when the policy is read.
   *
   * @throws IllegalArgumentException with a message for people when it cannot
   */
  void prepare(Signer.Keyless signer);

  /** Whether the candidate is a good signature by {@code signer} that covers its subject. */
  Outcome check(Signer.Keyless signer, Candidate candidate);

  /** The implementation, where it and the library that it takes are on the class path. */
  static Optional<KeylessVerifier> find() {
    try {
      return ServiceLoader.load(KeylessVerifier.class).findFirst();
    } catch (NoClassDefFoundError e) {
      return Optional.empty(); // ours is here, and the library is not
    }
  }
}
