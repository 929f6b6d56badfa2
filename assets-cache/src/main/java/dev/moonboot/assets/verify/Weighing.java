package dev.moonboot.assets.verify;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Weighs the candidates of one image against one rule. */
final class Weighing {
  /** A signature that counts. */
  private record Good(
      Signer signer, Candidate candidate, Evidence evidence, @Nullable Instant signedAt) {}

  private final TrustRule rule;
  private final Set<Digest> revoked;
  private final @Nullable KeylessVerifier keyless;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Good> goods = new ArrayList<>();
  private boolean byRevokedKey;

  Weighing(TrustRule rule, Set<Digest> revoked, @Nullable KeylessVerifier keyless) {
    this.rule = rule;
    this.revoked = revoked;
    this.keyless = keyless;
  }

  /** Weighs one. */
  void add(SignatureSearch.Found found) {
    switch (found) {
      case SignatureSearch.Found.Unreadable(var finding) -> findings.add(finding);
      case SignatureSearch.Found.Read(var candidate, var place) -> {
        String why;
        boolean good = false;
        try {
          Good weighed = weigh(candidate);
          goods.add(weighed);
          good = true;
          why = "signed by " + weighed.signer() + at(weighed.signedAt());
        } catch (UnusableException e) {
          why = e.why();
        }
        findings.add(new Finding(candidate.format(), place, candidate.subject(), good, why));
      }
    }
  }

  static String at(@Nullable Instant signedAt) {
    return signedAt == null ? "" : " at " + signedAt;
  }

  private Good weigh(Candidate candidate) {
    List<String> reasons = new ArrayList<>();
    for (Signer signer : rule.anyOf()) {
      try {
        return switch (signer) {
          case Signer.Key(var key) -> byKey(signer, key, candidate);
          case Signer.Keyless identity -> byIdentity(identity, candidate);
        };
      } catch (UnusableException e) {
        if (!reasons.contains(e.why())) {
          reasons.add(e.why());
        }
      }
    }
    throw new UnusableException(
        reasons.isEmpty() ? "the rule names nobody who may sign" : String.join("; ", reasons));
  }

  private Good byKey(Signer signer, TrustedKey key, Candidate candidate) {
    KeySignature signature = KeySignature.of(candidate);
    SignatureAlgorithm algorithm =
        signature
            .madeBy(key)
            .orElseThrow(() -> new UnusableException("it is not signed by " + key));
    Claim claim = signature.claim(candidate.subject());
    if (revoked.contains(key.fingerprint())) {
      byRevokedKey = true;
      throw new UnusableException("it is signed by " + key + ", which is revoked");
    }
    Evidence evidence = new Evidence.ByKey(candidate.subject(), signature, key, algorithm);
    return new Good(signer, candidate, evidence, claim.signedAt());
  }

  private Good byIdentity(Signer.Keyless identity, Candidate candidate) {
    if (keyless == null) {
      throw new UnusableException("signatures by identities cannot be checked here");
    }
    return switch (keyless.check(identity, candidate)) {
      case KeylessVerifier.Outcome.Good(var signedAt) ->
          new Good(
              identity,
              candidate,
              new Evidence.ByIdentity(candidate.subject(), candidate),
              signedAt);
      case KeylessVerifier.Outcome.Bad(var why) -> throw new UnusableException(why);
    };
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Whether a key that is revoked signed it. */
  boolean isByRevokedKey() {
    return byRevokedKey;
  }

  /**
   * The proof that all of {@code subjects} are covered, by one signer; of several the youngest.
   * Empty when they are not.
   *
   * @throws UnusableException when it is too large to be kept
   */
  Optional<Proof> proof(List<Digest> subjects) {
    return rule.anyOf().stream()
        .flatMap(signer -> proof(signer, subjects).stream())
        .max(Comparator.comparing(Weighing::age));
  }

  private static Instant age(Proof proof) {
    return proof.signedAt() == null ? Instant.MIN : proof.signedAt();
  }

  private Optional<Proof> proof(Signer signer, List<Digest> subjects) {
    Map<Digest, Good> covered = new LinkedHashMap<>();
    for (Good good : goods) {
      if (good.signer().equals(signer)) {
        covered.merge(good.candidate().subject(), good, Weighing::younger);
      }
    }
    if (subjects.isEmpty() || !covered.keySet().containsAll(subjects)) {
      return Optional.empty();
    }
    List<Good> chosen = subjects.stream().map(covered::get).toList();
    Good first = chosen.getFirst();
    return Optional.of(
        new Proof(
            first.candidate().format(),
            id(signer),
            oldest(chosen),
            Evidence.write(chosen.stream().map(Good::evidence).toList())));
  }

  /** How a proof names its signer. */
  static String id(Signer signer) {
    return switch (signer) {
      case Signer.Key(var key) -> key.fingerprint().toString();
      case Signer.Keyless identity -> identity.toString();
    };
  }

  private static Good younger(Good one, Good other) {
    return age(other.signedAt()).isAfter(age(one.signedAt())) ? other : one;
  }

  private static Instant age(@Nullable Instant signedAt) {
    return signedAt == null ? Instant.MIN : signedAt;
  }

  /** Null as soon as one of them does not say when. */
  private static @Nullable Instant oldest(List<Good> chosen) {
    Instant oldest = Instant.MAX;
    for (Good good : chosen) {
      Instant at = good.signedAt();
      if (at == null) {
        return null;
      }
      oldest = at.isBefore(oldest) ? at : oldest;
    }
    return oldest;
  }
}
