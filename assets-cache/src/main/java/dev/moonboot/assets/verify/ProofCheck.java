package dev.moonboot.assets.verify;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.ImageReferences;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks again, without a network, why releases were let in. */
final class ProofCheck {
  private final TrustPolicy policy;
  private final InstantSource clock;
  private final @Nullable KeylessVerifier keyless;

  ProofCheck(TrustPolicy policy, InstantSource clock, @Nullable KeylessVerifier keyless) {
    this.policy = policy;
    this.clock = clock;
    this.keyless = keyless;
  }

  /** As {@link AdmissionPolicy#recheck}. */
  Standing recheck(Release release) {
    Optional<TrustRule> rule = rule(release);
    Mode mode = rule.map(r -> r.deny() ? Mode.REQUIRE : r.mode()).orElse(policy.otherwise());
    Proof proof = release.admission().proof();
    if (mode == Mode.OFF) {
      return new Standing.Good();
    }
    try {
      if (proof != null) {
        Optional<Standing> broken = checkKeys(release, proof, Evidence.read(proof.evidence()));
        if (broken.isPresent()) {
          return broken.get();
        }
      }
      if (rule.isEmpty()) {
        return mode == Mode.REQUIRE
            ? flagged("no rule of the signature policy is for its image any more")
            : new Standing.Good();
      }
      return proof == null ? withoutProof(rule.get()) : byRule(release, proof, rule.get());
    } catch (UnusableException e) {
      return new Standing.Revoked("its proof is broken: " + e.why());
    }
  }

  private Optional<TrustRule> rule(Release release) {
    try {
      return policy.rule(ImageReferences.parse(release.source()).source());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no name that any rule could be for
    }
  }

  private static Standing withoutProof(TrustRule rule) {
    if (rule.deny()) {
      return flagged("rule %s now denies it".formatted(rule.match()));
    }
    return rule.mode() == Mode.REQUIRE
        ? flagged("rule %s now asks for a signature, and it has none".formatted(rule.match()))
        : new Standing.Good();
  }

  /** What holds whatever the rules say: the proof is whole, and its key is not revoked. */
  private Optional<Standing> checkKeys(Release release, Proof proof, List<Evidence> evidence) {
    checkCover(release, evidence);
    for (Evidence piece : evidence) {
      if (piece instanceof Evidence.ByKey(var subject, var signature, var key, var _)) {
        if (!key.fingerprint().toString().equals(proof.signer())
            || signature.madeBy(key).isEmpty()) {
          throw new UnusableException("it is not signed by " + proof.signer());
        }
        signature.claim(subject);
        if (policy.revoked().contains(key.fingerprint())) {
          return Optional.of(
              new Standing.Revoked(
                  "it is signed by key %s, which is revoked".formatted(proof.signer())));
        }
      }
    }
    return Optional.empty();
  }

  private static void checkCover(Release release, List<Evidence> evidence) {
    Set<Digest> covered = evidence.stream().map(Evidence::subject).collect(Collectors.toSet());
    if (!covered.contains(release.digest()) && !covered.containsAll(platforms(release))) {
      throw new UnusableException("it is for another image");
    }
  }

  private static Set<Digest> platforms(Release release) {
    return release.builds().values().stream().map(Build::manifest).collect(Collectors.toSet());
  }

  /** Whether it would be let in by that rule today. */
  private Standing byRule(Release release, Proof proof, TrustRule rule) {
    if (rule.deny()) {
      return flagged("rule %s now denies it".formatted(rule.match()));
    }
    if (!rule.formats().contains(proof.format())) {
      return flagged(
          "rule %s no longer takes signatures of the form %s"
              .formatted(rule.match(), TrustRule.id(proof.format())));
    }
    List<Evidence> evidence = Evidence.read(proof.evidence());
    Set<Digest> covered = evidence.stream().map(Evidence::subject).collect(Collectors.toSet());
    Set<Digest> wanted =
        switch (rule.subject()) {
          case INDEX -> Set.of(release.digest());
          case PLATFORM -> platforms(release);
        };
    if (!covered.containsAll(wanted)) {
      return flagged(
          "rule %s now asks for a signature of the %s"
              .formatted(rule.match(), rule.subject().id()));
    }
    Optional<Signer> signer =
        rule.anyOf().stream().filter(s -> Weighing.id(s).equals(proof.signer())).findFirst();
    if (signer.isEmpty()) {
      return flagged(
          "it is signed by %s, whom rule %s no longer lists"
              .formatted(proof.signer(), rule.match()));
    }
    return bySigner(proof, rule, signer.get(), evidence);
  }

  private Standing bySigner(Proof proof, TrustRule rule, Signer signer, List<Evidence> evidence) {
    Set<@Nullable Instant> times = new HashSet<>();
    for (Evidence piece : evidence) {
      switch (piece) {
        case Evidence.ByKey(var subject, var signature, var _, var algorithm) -> {
          if (!(signer instanceof Signer.Key(var key)) || !key.algorithms().contains(algorithm)) {
            return flagged(
                "rule %s no longer takes %s of that key".formatted(rule.match(), algorithm.id()));
          }
          times.add(signature.claim(subject).signedAt());
        }
        case Evidence.ByIdentity(var _, var candidate) -> {
          if (!(signer instanceof Signer.Keyless identity) || keyless == null) {
            return flagged("signatures by identities cannot be checked here");
          }
          switch (keyless.check(identity, candidate)) {
            case KeylessVerifier.Outcome.Good(var signedAt) -> times.add(signedAt);
            case KeylessVerifier.Outcome.Bad(var why) -> throw new UnusableException(why);
          }
        }
      }
    }
    if (!Objects.equals(oldest(times), proof.signedAt())) {
      throw new UnusableException("it was not signed when the record says");
    }
    return SignaturePolicy.tooOld(rule, proof.signedAt(), clock.instant())
        .<Standing>map(Standing.Flagged::new)
        .orElseGet(Standing.Good::new);
  }

  private static @Nullable Instant oldest(Set<@Nullable Instant> times) {
    return times.contains(null)
        ? null
        : times.stream().map(Objects::requireNonNull).min(Instant::compareTo).orElse(null);
  }

  private static Standing flagged(String why) {
    return new Standing.Flagged(why);
  }
}
