package dev.moonboot.assets.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.FakeRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A registry with an image, somebody who signs, and policies about them. */
final class TrustLab implements AutoCloseable {
  static final String REPOSITORY = "acme/talos";
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  final Path directory;
  final FakeRegistry fake = FakeRegistry.startPlain();
  final Registry registry = Registries.open(fake.source(REPOSITORY), fake.settings());
  final CosignFixture signer = CosignFixture.p256();
  final Digest arm = fake.image(REPOSITORY, Arch.ARM64, new byte[1000]);
  final Digest amd = fake.image(REPOSITORY, Arch.AMD64, new byte[1001]);
  final Digest index = fake.index(REPOSITORY, Map.of(Arch.ARM64, arm, Arch.AMD64, amd));

  TrustLab(Path directory) {
    this.directory = directory;
    fake.tag(REPOSITORY, "demo", index);
  }

  /** The bytes of the index, as they travel. */
  byte[] manifest() {
    return fake.manifestBytes(index);
  }

  ImageReference image() {
    return fake.reference(REPOSITORY, "demo");
  }

  TrustedKey key(CosignFixture of) {
    return key(of, SignatureAlgorithm.ECDSA_P256_SHA256);
  }

  TrustedKey key(CosignFixture of, SignatureAlgorithm... algorithms) {
    return TrustedKey.read(
        of.writePublicKey(directory.resolve(of.fingerprint().shortHex() + ".pub")),
        Set.of(algorithms));
  }

  TrustRule rule(CosignFixture... signers) {
    List<Signer> all =
        List.of(signers).stream().<Signer>map(each -> new Signer.Key(key(each))).toList();
    return new TrustRule(
        ImagePattern.parse("127.0.0.1:*/acme/*"),
        false,
        Mode.REQUIRE,
        TrustRule.Subject.INDEX,
        List.of(Format.BUNDLE_V03, Format.LEGACY_TAG),
        all,
        null);
  }

  /** A rule that asks for {@link #signer}'s signature. */
  TrustRule rule() {
    return rule(signer);
  }

  static TrustRule with(TrustRule rule, Mode mode) {
    return new TrustRule(
        rule.match(),
        rule.deny(),
        mode,
        rule.subject(),
        rule.formats(),
        rule.anyOf(),
        rule.maxAge());
  }

  static TrustRule with(TrustRule rule, TrustRule.Subject subject) {
    return new TrustRule(
        rule.match(),
        rule.deny(),
        rule.mode(),
        subject,
        rule.formats(),
        rule.anyOf(),
        rule.maxAge());
  }

  static TrustRule with(TrustRule rule, Duration maxAge) {
    return new TrustRule(
        rule.match(),
        rule.deny(),
        rule.mode(),
        rule.subject(),
        rule.formats(),
        rule.anyOf(),
        maxAge);
  }

  static SignaturePolicy policy(TrustRule... rules) {
    return policy(Set.of(), rules);
  }

  static SignaturePolicy policy(Set<Digest> revoked, TrustRule... rules) {
    return policy(
        new TrustPolicy(
            Mode.WARN,
            List.of(rules),
            revoked,
            AdmissionPolicy.RollbackRule.DEFAULT,
            TrustPolicy.Limits.DEFAULT));
  }

  static SignaturePolicy policy(TrustPolicy policy) {
    return SignaturePolicy.of(policy, () -> NOW, null);
  }

  Judgement judge(SignaturePolicy policy) {
    return policy.explain(registry, image(), index);
  }

  Judgement judge() {
    return judge(policy(rule()));
  }

  static Admission admitted(Judgement judgement) {
    return assertInstanceOf(
            Verdict.Admitted.class, judgement.verdict(), judgement.verdict().toString())
        .admission();
  }

  static Proof proof(Judgement judgement) {
    return Objects.requireNonNull(admitted(judgement).proof());
  }

  static String refused(Judgement judgement) {
    return assertInstanceOf(
            Verdict.Refused.class, judgement.verdict(), judgement.verdict().toString())
        .why();
  }

  /** What came of the only candidate. */
  static String only(Judgement judgement) {
    assertEquals(1, judgement.findings().size(), judgement.findings().toString());
    return judgement.findings().getFirst().text();
  }

  /** The image as a release that was let in so. */
  Release release(Admission admission) {
    Map<Arch, Build> builds = new LinkedHashMap<>();
    builds.put(Arch.ARM64, build(arm));
    builds.put(Arch.AMD64, build(amd));
    return new Release(index, image().toString(), builds, NOW, admission);
  }

  Release release(@Nullable Proof proof) {
    return release(new Admission(Mode.REQUIRE, "*", proof, ""));
  }

  private static Build build(Digest manifest) {
    return new Build(manifest, List.of(), "plain pair", "v1.13.6", "6.18", List.of(), Map.of());
  }

  @Override
  public void close() {
    registry.close();
    fake.close();
  }
}
