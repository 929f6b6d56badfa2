package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.Standing;
import dev.moonboot.assets.verify.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A policy over signatures that are nothing but names. Images whose name ends with {@code :dev}
 * need none.
 *
 * @param trusted who may sign
 * @param revoked who may not any more
 * @param oldest signatures before that are too old
 */
record ToyPolicy(
    Signatures signatures,
    Set<String> trusted,
    Set<String> revoked,
    Instant oldest,
    RollbackRule rollback)
    implements AdmissionPolicy {

  /** What is signed, as the registry has it. */
  static final class Signatures {
    final AtomicInteger asked = new AtomicInteger();
    private final Map<Digest, Proof> proofs = new ConcurrentHashMap<>();

    void sign(Digest digest, String signer, @Nullable Instant at) {
      proofs.put(digest, proof(digest, signer, at, "signature of " + digest));
    }

    void sign(Digest digest, String signer) {
      sign(digest, signer, null);
    }
  }

  static Proof proof(Digest digest, String signer, @Nullable Instant at, String evidence) {
    return new Proof(
        Proof.Format.LEGACY_TAG, signer, at, Map.of("signature", evidence, "of", digest.hex()));
  }

  static ToyPolicy trusting(Signatures signatures, String... signers) {
    return new ToyPolicy(
        signatures, Set.of(signers), Set.of(), Instant.EPOCH, RollbackRule.DEFAULT);
  }

  ToyPolicy revoking(String... signers) {
    return new ToyPolicy(signatures, trusted, Set.of(signers), oldest, rollback);
  }

  ToyPolicy notBefore(Instant time) {
    return new ToyPolicy(signatures, trusted, revoked, time, rollback);
  }

  ToyPolicy withRollback(boolean hold, Duration slack) {
    return new ToyPolicy(signatures, trusted, revoked, oldest, new RollbackRule(hold, slack));
  }

  private static boolean isFree(String image) {
    return image.contains(":dev");
  }

  @Override
  public Verdict judge(Registry registry, ImageReference image, Digest digest) {
    if (isFree(image.toString())) {
      return new Verdict.Admitted(Admission.UNCHECKED);
    }
    signatures.asked.incrementAndGet();
    Proof proof = signatures.proofs.get(digest);
    if (proof == null) {
      return new Verdict.Refused("nobody signed it");
    }
    if (!trusted.contains(proof.signer()) || revoked.contains(proof.signer())) {
      return new Verdict.Refused(proof.signer() + " may not sign");
    }
    return isOld(proof)
        ? new Verdict.TooOld("signed " + proof.signedAt())
        : new Verdict.Admitted(new Admission(Admission.Mode.REQUIRE, "*", proof, ""));
  }

  private boolean isOld(Proof proof) {
    Instant at = proof.signedAt();
    return at != null && at.isBefore(oldest);
  }

  @Override
  public Standing recheck(Release release) {
    Proof proof = release.admission().proof();
    if (isFree(release.source())) {
      return new Standing.Good();
    }
    if (proof == null) {
      return new Standing.Flagged("no proof");
    }
    if (!("signature of " + release.digest()).equals(proof.evidence().get("signature"))) {
      throw new IllegalArgumentException("no signature of it");
    }
    if (revoked.contains(proof.signer())) {
      return new Standing.Revoked(proof.signer() + " is revoked");
    }
    if (!trusted.contains(proof.signer())) {
      return new Standing.Flagged(proof.signer() + " is not trusted any more");
    }
    return isOld(proof) ? new Standing.Flagged("signed long ago") : new Standing.Good();
  }
}
