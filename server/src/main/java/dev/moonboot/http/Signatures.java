package dev.moonboot.http;

import dev.moonboot.assets.Digest;
import dev.moonboot.openpgp.Signer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Signatures of answers, one for each body: asking again for the same one costs nothing, and what
 * is new is signed a few at a time, since a signature takes a while and anybody may ask for one.
 */
final class Signatures {
  private static final int KEPT = 2048;

  private final Signer signer;
  private final Duration patience;
  private final Semaphore places;
  private final Map<Digest, byte[]> made = new LinkedHashMap<>(16, 0.75f, true);

  Signatures(Signer signer) {
    this(
        signer, Math.max(1, Runtime.getRuntime().availableProcessors() / 2), Duration.ofSeconds(2));
  }

  /**
   * @param atOnce how many signatures may be in the making
   * @param patience how long a body waits for its turn
   */
  Signatures(Signer signer, int atOnce, Duration patience) {
    this.signer = signer;
    this.patience = patience;
    this.places = new Semaphore(atOnce, true);
  }

  /** The binary signature; empty when too many are being made. */
  Optional<byte[]> of(byte[] body) {
    Digest digest = Digest.of(body);
    Optional<byte[]> known = find(digest);
    if (known.isPresent() || !enter()) {
      return known;
    }
    try {
      known = find(digest); // it may have been made while we waited
      if (known.isEmpty()) {
        known = Optional.of(signer.sign(body));
        keep(digest, known.get());
      }
      return known;
    } finally {
      places.release();
    }
  }

  /** The signature in ASCII armor. */
  String armored(byte[] signature) {
    return signer.armored(signature);
  }

  private boolean enter() {
    try {
      return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized Optional<byte[]> find(Digest digest) {
    return Optional.ofNullable(made.get(digest));
  }

  private synchronized void keep(Digest digest, byte[] signature) {
    made.put(digest, signature);
    if (made.size() > KEPT) {
      made.remove(made.keySet().iterator().next());
    }
  }
}
