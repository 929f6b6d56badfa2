package dev.moonboot.assets.verify;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Admits images by cosign's signatures, as a {@link TrustPolicy} demands. Immutable. */
public final class SignaturePolicy implements AdmissionPolicy {
  private final TrustPolicy policy;
  private final InstantSource clock;
  private final @Nullable KeylessVerifier keyless;
  private final ProofCheck proofs;

  private SignaturePolicy(
      TrustPolicy policy, InstantSource clock, @Nullable KeylessVerifier keyless) {
    this.policy = policy;
    this.clock = clock;
    this.keyless = keyless;
    this.proofs = new ProofCheck(policy, clock, keyless);
  }

  /** The policy, put into force; keyless signatures are checked by what the class path has. */
  public static SignaturePolicy of(TrustPolicy policy) {
    return of(policy, InstantSource.system(), KeylessVerifier.find().orElse(null));
  }

  /**
   * As {@link #of(TrustPolicy)}.
   *
   * @param clock what time it is, for the age of signatures
   * @param keyless null when keyless signatures cannot be checked
   */
  static SignaturePolicy of(
      TrustPolicy policy, InstantSource clock, @Nullable KeylessVerifier keyless) {
    return new SignaturePolicy(policy, clock, keyless);
  }

  @Override
  public Verdict judge(Registry registry, ImageReference image, Digest digest) {
    return explain(registry, image, digest).verdict();
  }

  @Override
  public Standing recheck(Release release) {
    return proofs.recheck(release);
  }

  @Override
  public RollbackRule rollback() {
    return policy.rollback();
  }

  /** As {@link #judge}, with how the verdict came about. */
  public Judgement explain(Registry registry, ImageReference image, Digest digest) {
    Optional<TrustRule> matching = policy.rule(image.source());
    if (matching.isEmpty()) {
      return unlooked(digest, null, policy.otherwise(), withoutRule(image));
    }
    TrustRule rule = matching.get();
    if (rule.deny()) {
      var verdict = new Verdict.Refused("rule " + rule.match() + " denies it");
      return unlooked(digest, rule, Mode.REQUIRE, verdict);
    }
    if (rule.mode() == Mode.OFF) {
      var admission = new Admission(Mode.OFF, rule.match().toString(), null, "");
      return unlooked(digest, rule, Mode.OFF, new Verdict.Admitted(admission));
    }
    return look(registry, digest, rule);
  }

  private static Judgement unlooked(
      Digest digest, @Nullable TrustRule rule, Mode mode, Verdict verdict) {
    return new Judgement(digest, rule, mode, List.of(), List.of(), false, verdict);
  }

  private Verdict withoutRule(ImageReference image) {
    String why =
        "no rule of the signature policy is for " + image.source().display() + "; add one to trust";
    return switch (policy.otherwise()) {
      case REQUIRE -> new Verdict.Refused(why);
      case WARN -> new Verdict.Admitted(new Admission(Mode.WARN, "", null, why));
      case OFF -> new Verdict.Admitted(Admission.UNCHECKED);
    };
  }

  private Judgement look(Registry registry, Digest digest, TrustRule rule) {
    List<Digest> subjects = subjects(registry, digest, rule.subject());
    var search = new SignatureSearch(registry, policy.limits());
    subjects.forEach(subject -> search.look(subject, rule.formats()));
    var weighing = new Weighing(rule, policy.revoked(), keyless);
    search.found().forEach(weighing::add);
    Verdict verdict;
    try {
      verdict =
          weighing
              .proof(subjects)
              .map(proof -> signed(rule, proof))
              .orElseGet(() -> unsigned(rule, weighing, missing(rule, weighing, search.isCut())));
    } catch (UnusableException e) {
      verdict = unsigned(rule, weighing, "its signature: " + e.why());
    }
    return new Judgement(
        digest, rule, rule.mode(), subjects, weighing.findings(), search.isCut(), verdict);
  }

  /** What signatures must cover. For platforms: all that could be booted of this image. */
  private static List<Digest> subjects(
      Registry registry, Digest digest, TrustRule.Subject subject) {
    return switch (subject) {
      case INDEX -> List.of(digest);
      case PLATFORM ->
          Stream.of(Arch.values())
              .flatMap(arch -> platform(registry, digest, arch).stream())
              .distinct()
              .toList();
    };
  }

  private static Optional<Digest> platform(Registry registry, Digest digest, Arch arch) {
    try {
      return Optional.of(Platforms.select(registry, digest, arch).manifest());
    } catch (RegistryException e) {
      if (e.reason() == Reason.NO_PLATFORM) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Verdict signed(TrustRule rule, Proof proof) {
    String name = rule.match().toString();
    Optional<String> tooOld = tooOld(rule, proof.signedAt(), clock.instant());
    if (tooOld.isEmpty()) {
      return new Verdict.Admitted(new Admission(rule.mode(), name, proof, ""));
    }
    String why = tooOld.get();
    return rule.mode() == Mode.REQUIRE
        ? new Verdict.TooOld(why)
        : new Verdict.Admitted(new Admission(rule.mode(), name, proof, why));
  }

  private static Verdict unsigned(TrustRule rule, Weighing weighing, String why) {
    return rule.mode() == Mode.REQUIRE || weighing.isByRevokedKey()
        ? new Verdict.Refused(why)
        : new Verdict.Admitted(new Admission(rule.mode(), rule.match().toString(), null, why));
  }

  private static String missing(TrustRule rule, Weighing weighing, boolean cut) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "rule %s asks for a signature of the %s by %s and none counts"
            .formatted(
                rule.match(),
                rule.subject().id(),
                rule.anyOf().stream().map(Object::toString).collect(Collectors.joining(" or "))));
    List<Finding> findings = weighing.findings();
    if (findings.isEmpty()) {
      parts.add("there is none at all; sign the image (cosign sign --key)");
    }
    findings.stream()
        .filter(finding -> !finding.good())
        .limit(3)
        .forEach(finding -> parts.add(finding.place() + ": " + finding.text()));
    if (findings.stream().anyMatch(Finding::good)) {
      parts.add("what counts does not cover every platform by one signer");
    }
    if (cut) {
      parts.add("there are more than are looked at");
    }
    return String.join("; ", parts);
  }

  /** Why a signature of that time is too old for the rule; empty when it is not. */
  static Optional<String> tooOld(TrustRule rule, @Nullable Instant signedAt, Instant now) {
    Duration maxAge = rule.maxAge();
    if (maxAge == null) {
      return Optional.empty();
    }
    if (signedAt == null) {
      return Optional.of(
          "rule %s limits the age of signatures and this one does not say when it was made; sign with"
                  .formatted(rule.match())
              + " cosign sign -a created=$(date -u +%FT%TZ)");
    }
    return signedAt.isBefore(now.minus(maxAge))
        ? Optional.of(
            "it was signed at %s, longer ago than the %d days of rule %s; sign it again"
                .formatted(signedAt, maxAge.toDays(), rule.match()))
        : Optional.empty();
  }
}
