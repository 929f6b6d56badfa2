package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.TrustLab.REPOSITORY;
import static dev.moonboot.assets.verify.TrustLab.policy;
import static dev.moonboot.assets.verify.TrustLab.proof;
import static dev.moonboot.assets.verify.TrustLab.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.Release;
import dev.moonboot.testing.Attachments;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.FakeRegistryFault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a release that was let in when it is checked again, without a network. */
class ProofCheckTest {
  @TempDir Path directory;
  private TrustLab lab;

  @BeforeEach
  void open() {
    lab = new TrustLab(directory);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static String flagged(Standing standing) {
    return assertInstanceOf(Standing.Flagged.class, standing, standing.toString()).why();
  }

  private static String revoked(Standing standing) {
    return assertInstanceOf(Standing.Revoked.class, standing, standing.toString()).why();
  }

  private Proof legacy() {
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    return proof(lab.judge());
  }

  @Test
  void s_14_a_proof_is_checked_again_with_the_registry_down() {
    Proof legacy = legacy();
    lab.signer.signBundle(lab.fake, REPOSITORY, lab.index);
    lab.fake.untag(REPOSITORY, lab.index.fileName() + ".sig");
    Proof bundle = proof(lab.judge());
    assertEquals(Format.BUNDLE_V03, bundle.format());
    lab.fake.fault(_ -> true, Integer.MAX_VALUE, FakeRegistryFault.hangUp());
    lab.fake.forget();
    assertEquals(new Standing.Good(), policy(lab.rule()).recheck(lab.release(legacy)));
    assertEquals(new Standing.Good(), policy(lab.rule()).recheck(lab.release(bundle)));
    assertEquals(List.of(), lab.fake.requests());
  }

  @Test
  void s_14_a_message_signature_is_checked_again_without_the_message() {
    new Attachments(lab.fake, REPOSITORY)
        .attach(lab.index, CosignFixture.BUNDLE, lab.signer.messageBundle(lab.manifest()));
    Proof proof = proof(lab.judge());
    assertEquals(new Standing.Good(), policy(lab.rule()).recheck(lab.release(proof)));
  }

  @Test
  void s_12_a_key_that_left_the_policy_is_flagged_and_a_revoked_one_is_revoked() {
    Release release = lab.release(legacy());
    SignaturePolicy rotated = policy(lab.rule(CosignFixture.p256()));
    assertTrue(
        flagged(rotated.recheck(release)).contains(lab.signer.fingerprint() + ", whom rule"));
    for (TrustRule rule :
        List.of(lab.rule(), lab.rule(CosignFixture.p256()), with(lab.rule(), Mode.WARN))) {
      SignaturePolicy revoking = policy(Set.of(lab.signer.fingerprint()), rule);
      assertTrue(revoked(revoking.recheck(release)).endsWith("which is revoked"));
    }
    SignaturePolicy off = policy(Set.of(lab.signer.fingerprint()), with(lab.rule(), Mode.OFF));
    assertEquals(new Standing.Good(), off.recheck(release));
  }

  @Test
  void s_12_an_algorithm_a_form_or_a_rule_that_left_the_policy_is_flagged() {
    Release release = lab.release(legacy());
    TrustRule rule = lab.rule();
    TrustRule bundles =
        new TrustRule(
            rule.match(),
            false,
            rule.mode(),
            rule.subject(),
            List.of(Format.BUNDLE_V03),
            rule.anyOf(),
            null);
    assertTrue(flagged(policy(bundles).recheck(release)).contains("legacy-tag"));
    assertTrue(
        flagged(policy(with(rule, TrustRule.Subject.PLATFORM)).recheck(release))
            .contains("platform"));
    TrustRule deny =
        new TrustRule(
            rule.match(), true, rule.mode(), rule.subject(), rule.formats(), List.of(), null);
    assertTrue(flagged(policy(deny).recheck(release)).contains("denies"));
    assertEquals(new Standing.Good(), policy().recheck(release));
  }

  @Test
  void s_02_a_release_without_proof_is_flagged_once_a_signature_is_asked_for() {
    Release release = lab.release(Admission.UNCHECKED);
    assertTrue(flagged(policy(lab.rule()).recheck(release)).contains("it has none"));
    assertEquals(new Standing.Good(), policy(with(lab.rule(), Mode.WARN)).recheck(release));
    assertEquals(new Standing.Good(), policy().recheck(release));
  }

  @Test
  void s_13_a_signature_that_grew_too_old_is_flagged() {
    byte[] payload = CosignFixture.payload(lab.index, Map.of("created", "2026-05-01T00:00:00Z"));
    CosignFixture.putLegacy(lab.fake, REPOSITORY, lab.index, List.of(lab.signer.legacy(payload)));
    Release release = lab.release(proof(lab.judge()));
    assertEquals(
        new Standing.Good(), policy(with(lab.rule(), Duration.ofDays(40))).recheck(release));
    assertTrue(
        flagged(policy(with(lab.rule(), Duration.ofDays(20))).recheck(release))
            .contains("20 days"));
  }

  private static Proof changed(
      Proof proof, String signer, @Nullable Instant signedAt, Map<String, String> evidence) {
    return new Proof(proof.format(), signer, signedAt, evidence);
  }

  @Test
  void a_proof_of_something_else_is_broken() {
    Proof proof = legacy();
    SignaturePolicy policy = policy(lab.rule());
    Release other =
        new Release(
            lab.arm,
            lab.image().toString(),
            Map.of(Arch.ARM64, Objects.requireNonNull(lab.release(proof).builds().get(Arch.ARM64))),
            TrustLab.NOW,
            new Admission(Mode.REQUIRE, "*", proof, ""));
    assertTrue(revoked(policy.recheck(other)).contains("another image"));
    Proof renamed =
        changed(proof, CosignFixture.p256().fingerprint().toString(), null, proof.evidence());
    assertTrue(revoked(policy.recheck(lab.release(renamed))).contains("not signed by"));
    Proof dated = changed(proof, proof.signer(), TrustLab.NOW, proof.evidence());
    assertTrue(revoked(policy.recheck(lab.release(dated))).contains("not signed when"));
    for (String name : proof.evidence().keySet()) {
      Map<String, String> less = new HashMap<>(proof.evidence());
      less.remove(name);
      revoked(policy.recheck(lab.release(changed(proof, proof.signer(), null, less))));
    }
    Map<String, String> more = new HashMap<>(proof.evidence());
    more.put("note", "AAAA");
    revoked(policy.recheck(lab.release(changed(proof, proof.signer(), null, more))));
    revoked(policy.recheck(lab.release(changed(proof, proof.signer(), null, Map.of()))));
  }

  @Test
  void every_byte_of_the_evidence_matters() {
    Proof proof = legacy();
    lab.signer.signBundle(lab.fake, REPOSITORY, lab.index);
    lab.fake.untag(REPOSITORY, lab.index.fileName() + ".sig");
    for (Proof whole : List.of(proof, proof(lab.judge()))) {
      SignaturePolicy policy = policy(lab.rule());
      for (var member : whole.evidence().entrySet()) {
        for (int i = 0; i < member.getValue().length(); i++) {
          Map<String, String> evidence = new HashMap<>(whole.evidence());
          StringBuilder text = new StringBuilder(member.getValue());
          text.setCharAt(i, (char) (text.charAt(i) ^ 1));
          evidence.put(member.getKey(), text.toString());
          Standing standing =
              policy.recheck(lab.release(changed(whole, whole.signer(), null, evidence)));
          assertFalse(standing instanceof Standing.Good, member.getKey() + " byte " + i);
        }
      }
    }
  }
}
