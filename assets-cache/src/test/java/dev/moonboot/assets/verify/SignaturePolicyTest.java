package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.TrustLab.REPOSITORY;
import static dev.moonboot.assets.verify.TrustLab.admitted;
import static dev.moonboot.assets.verify.TrustLab.policy;
import static dev.moonboot.assets.verify.TrustLab.proof;
import static dev.moonboot.assets.verify.TrustLab.refused;
import static dev.moonboot.assets.verify.TrustLab.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.testing.Attachments;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is let in, by which rule, and what is kept of it. */
class SignaturePolicyTest {
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

  private void assertAdmittedBy(Format format, CosignFixture by, Judgement judgement) {
    Admission admission = admitted(judgement);
    assertEquals(Mode.REQUIRE, admission.mode());
    assertEquals("127.0.0.1:*/acme/*", admission.rule());
    assertEquals("", admission.warning());
    Proof proof = proof(judgement);
    assertEquals(format, proof.format());
    assertEquals(by.fingerprint().toString(), proof.signer());
  }

  @Test
  void s_01_a_signature_under_its_tag_is_accepted() {
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    assertAdmittedBy(Format.LEGACY_TAG, lab.signer, lab.judge());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 0})
  void s_01_a_bundle_is_accepted_by_referrers_and_by_the_fallback_tag(int page) {
    lab.fake.referrersPage(page);
    lab.signer.signBundle(lab.fake, REPOSITORY, lab.index);
    assertAdmittedBy(Format.BUNDLE_V03, lab.signer, lab.judge());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 0})
  void s_01_a_bundle_with_a_message_signature_is_accepted(int page) {
    lab.fake.referrersPage(page);
    byte[] manifest = lab.manifest();
    new Attachments(lab.fake, REPOSITORY)
        .attach(lab.index, CosignFixture.BUNDLE, lab.signer.messageBundle(manifest));
    assertAdmittedBy(Format.BUNDLE_V03, lab.signer, lab.judge());
  }

  @Test
  void s_01_every_algorithm_that_is_listed_is_accepted_and_no_other() {
    Map<CosignFixture, SignatureAlgorithm> signers =
        Map.of(
            CosignFixture.p384(), SignatureAlgorithm.ECDSA_P384_SHA384,
            CosignFixture.ed25519(), SignatureAlgorithm.ED25519,
            CosignFixture.rsa(3072), SignatureAlgorithm.RSA_PKCS1_SHA256);
    signers.forEach((signer, algorithm) -> {
      signer.signLegacy(lab.fake, REPOSITORY, lab.index);
      TrustRule rule = lab.rule();
      refused(lab.judge(policy(rule)));
      TrustRule listed =
          new TrustRule(
              rule.match(),
              false,
              Mode.REQUIRE,
              rule.subject(),
              rule.formats(),
              List.of(new Signer.Key(lab.key(signer, algorithm))),
              null);
      assertAdmittedBy(Format.LEGACY_TAG, signer, lab.judge(policy(listed)));
    });
  }

  @Test
  void s_02_without_a_signature_require_refuses_warn_warns_and_off_does_not_look() {
    String why = refused(lab.judge());
    assertTrue(why.contains("none at all"), why);
    assertTrue(why.contains("rule 127.0.0.1:*/acme/*"), why);

    Admission warned = admitted(lab.judge(policy(with(lab.rule(), Mode.WARN))));
    assertEquals(Mode.WARN, warned.mode());
    assertNull(warned.proof());
    assertTrue(warned.warning().contains("none at all"), warned.warning());

    lab.fake.forget();
    Admission off = admitted(lab.judge(policy(with(lab.rule(), Mode.OFF))));
    assertEquals(new Admission(Mode.OFF, "127.0.0.1:*/acme/*", null, ""), off);
    assertEquals(List.of(), lab.fake.requests());
  }

  @Test
  void without_a_policy_an_image_is_let_in_and_that_is_said() {
    Admission admission = admitted(lab.judge(policy(TrustPolicy.NONE)));
    assertEquals(Mode.WARN, admission.mode());
    assertEquals("", admission.rule());
    assertTrue(admission.warning().startsWith("no rule of the signature policy is for 127.0.0.1:"));
    assertEquals(List.of(), lab.fake.requests());
  }

  @Test
  void the_first_rule_that_matches_counts() {
    TrustRule deny =
        new TrustRule(
            ImagePattern.parse("*"),
            true,
            Mode.REQUIRE,
            TrustRule.Subject.INDEX,
            List.of(Format.LEGACY_TAG),
            List.of(),
            null);
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    admitted(lab.judge(policy(lab.rule(), deny)));
    assertEquals("rule * denies it", refused(lab.judge(policy(deny, lab.rule()))));
  }

  @Test
  void a_form_that_is_not_listed_is_not_even_asked_for() {
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
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
    refused(lab.judge(policy(bundles)));
    assertEquals(0, lab.fake.count(Kind.HEAD_MANIFEST));
  }

  @Test
  void s_10_of_ten_thousand_signatures_32_are_tried() {
    var stranger = CosignFixture.p256();
    CosignFixture.Legacy bad = stranger.legacy(CosignFixture.payload(lab.index, Map.of()));
    List<CosignFixture.Legacy> all = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      all.add(bad);
    }
    all.set(31, lab.signer.legacy(CosignFixture.payload(lab.index, Map.of())));
    CosignFixture.putLegacy(lab.fake, REPOSITORY, lab.index, all);
    Judgement judgement = lab.judge();
    admitted(judgement);
    assertEquals(32, judgement.findings().size());
    assertTrue(judgement.cut());

    all.set(32, all.set(31, bad));
    CosignFixture.putLegacy(lab.fake, REPOSITORY, lab.index, all);
    assertTrue(refused(lab.judge()).endsWith("there are more than are looked at"));
    assertTrue(lab.fake.count(Kind.BLOB) <= 64, "32 each time");
  }

  @Test
  void s_10_of_many_bundles_32_are_tried() {
    var attachments = new Attachments(lab.fake, REPOSITORY);
    var stranger = CosignFixture.p256();
    for (int i = 0; i < 40; i++) {
      attachments.attach(lab.index, CosignFixture.BUNDLE, stranger.bundle(lab.index));
    }
    Judgement judgement = lab.judge();
    refused(judgement);
    assertEquals(32, judgement.findings().size());
    assertTrue(judgement.cut());
  }

  @Test
  void s_11_a_signature_of_the_index_covers_its_images_and_not_the_other_way_round() {
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.arm);
    lab.signer.signBundle(lab.fake, REPOSITORY, lab.amd);
    refused(lab.judge());
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    admitted(lab.judge());
  }

  @Test
  void s_11_where_platforms_must_be_signed_the_index_does_not_do_and_all_must_be() {
    SignaturePolicy platforms = policy(with(lab.rule(), TrustRule.Subject.PLATFORM));
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    refused(lab.judge(platforms));
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.arm);
    assertTrue(refused(lab.judge(platforms)).contains("every platform"));
    lab.signer.signBundle(lab.fake, REPOSITORY, lab.amd);
    Judgement judgement = lab.judge(platforms);
    assertEquals(Set.of(lab.arm, lab.amd), Set.copyOf(judgement.subjects()));
    assertEquals(new Standing.Good(), platforms.recheck(lab.release(proof(judgement))));
  }

  @Test
  void s_12_either_of_two_keys_is_accepted() {
    var next = CosignFixture.p256();
    SignaturePolicy both = policy(lab.rule(lab.signer, next));
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    assertAdmittedBy(Format.LEGACY_TAG, lab.signer, lab.judge(both));
    next.signLegacy(lab.fake, REPOSITORY, lab.index);
    assertAdmittedBy(Format.LEGACY_TAG, next, lab.judge(both));
  }

  @Test
  void s_12_a_revoked_key_counts_nowhere() {
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    Set<Digest> revoked = Set.of(lab.signer.fingerprint());
    assertTrue(refused(lab.judge(policy(revoked, lab.rule()))).contains("which is revoked"));
    assertTrue(
        refused(lab.judge(policy(revoked, with(lab.rule(), Mode.WARN))))
            .contains("which is revoked"));
    var next = CosignFixture.p256();
    next.signBundle(lab.fake, REPOSITORY, lab.index);
    assertAdmittedBy(
        Format.BUNDLE_V03, next, lab.judge(policy(revoked, lab.rule(lab.signer, next))));
  }

  private void signAt(String created) {
    byte[] payload = CosignFixture.payload(lab.index, Map.of("created", created));
    CosignFixture.putLegacy(lab.fake, REPOSITORY, lab.index, List.of(lab.signer.legacy(payload)));
  }

  @Test
  void s_13_a_signature_older_than_the_rule_allows_is_held() {
    SignaturePolicy ninety = policy(with(lab.rule(), Duration.ofDays(90)));
    signAt("2026-05-01T00:00:00Z");
    assertEquals(Instant.parse("2026-05-01T00:00:00Z"), proof(lab.judge(ninety)).signedAt());

    signAt("2026-01-01T00:00:00Z");
    Verdict.TooOld old = assertInstanceOf(Verdict.TooOld.class, lab.judge(ninety).verdict());
    assertTrue(old.why().contains("2026-01-01"), old.why());
    assertTrue(old.why().contains("90 days"), old.why());

    Admission warned =
        admitted(lab.judge(policy(with(with(lab.rule(), Duration.ofDays(90)), Mode.WARN))));
    assertTrue(warned.warning().contains("2026-01-01"), warned.warning());
  }

  @Test
  void s_13_a_signature_without_a_time_is_held_where_age_counts() {
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    Verdict verdict = lab.judge(policy(with(lab.rule(), Duration.ofDays(90)))).verdict();
    assertTrue(assertInstanceOf(Verdict.TooOld.class, verdict).why().contains("-a created="));
  }

  @Test
  void s_13_of_several_signatures_the_youngest_counts() {
    signAt("2026-01-01T00:00:00Z");
    byte[] young = CosignFixture.statement(lab.index, Map.of("created", "2026-05-30T00:00:00Z"));
    new Attachments(lab.fake, REPOSITORY)
        .attach(lab.index, CosignFixture.BUNDLE, lab.signer.bundle(young));
    Proof proof = proof(lab.judge(policy(with(lab.rule(), Duration.ofDays(90)))));
    assertEquals(Instant.parse("2026-05-30T00:00:00Z"), proof.signedAt());
  }
}
