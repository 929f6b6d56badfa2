package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.TrustLab.NOW;
import static dev.moonboot.assets.verify.TrustLab.REPOSITORY;
import static dev.moonboot.assets.verify.TrustLab.only;
import static dev.moonboot.assets.verify.TrustLab.proof;
import static dev.moonboot.assets.verify.TrustLab.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.Release;
import dev.moonboot.testing.Attachments;
import dev.moonboot.testing.CosignFixture;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verifier of keyless signatures is asked, and what becomes of its answers. */
class KeylessSeamTest {
  private static final Signer.Keyless RELEASES =
      new Signer.Keyless(
          "https://issuer.example", "https://ci.example/release", Path.of("r"), true);
  private static final Signer.Keyless NIGHTLIES =
      new Signer.Keyless(
          "https://issuer.example", "https://ci.example/nightly", Path.of("r"), true);

  /** Believes whatever names its signer: enough to see what it is given. */
  private static final class Gullible implements KeylessVerifier {
    @Override
    public void prepare(Signer.Keyless signer) {}

    @Override
    public Outcome check(Signer.Keyless signer, Candidate candidate) {
      String named =
          switch (candidate) {
            case Candidate.Bundle(var _, var document) -> new String(document, UTF_8);
            case Candidate.SimpleSigning(var _, var _, var annotations) ->
                annotations.getOrDefault("dev.cosignproject.cosign/signature", "");
          };
      return named.equals(signer.san() + " for " + candidate.subject())
          ? new Outcome.Good(NOW)
          : new Outcome.Bad("somebody else signed it");
    }
  }

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

  private static SignaturePolicy policy(
      @Nullable KeylessVerifier verifier, Signer.Keyless... signers) {
    TrustRule rule =
        new TrustRule(
            ImagePattern.parse("*"),
            false,
            Mode.REQUIRE,
            TrustRule.Subject.INDEX,
            List.of(Format.BUNDLE_V03, Format.LEGACY_TAG),
            List.of(signers),
            null);
    var policy =
        new TrustPolicy(
            Mode.REQUIRE,
            List.of(rule),
            Set.of(),
            AdmissionPolicy.RollbackRule.DEFAULT,
            TrustPolicy.Limits.DEFAULT);
    return SignaturePolicy.of(policy, () -> NOW, verifier);
  }

  private String signature() {
    return RELEASES.san() + " for " + lab.index;
  }

  private Proof bundle() {
    new Attachments(lab.fake, REPOSITORY)
        .attach(lab.index, CosignFixture.BUNDLE, signature().getBytes(UTF_8));
    return proof(lab.judge(policy(new Gullible(), NIGHTLIES, RELEASES)));
  }

  @Test
  void the_proof_names_the_identity_and_the_time() {
    Proof proof = bundle();
    assertEquals("https://ci.example/release by https://issuer.example", proof.signer());
    assertEquals(NOW, proof.signedAt());
    assertEquals(Set.of("subject", "bundle"), proof.evidence().keySet());
  }

  @Test
  void a_legacy_signature_is_given_with_what_is_written_beside_it() {
    byte[] payload = CosignFixture.payload(lab.index, Map.of());
    CosignFixture.putLegacy(
        lab.fake, REPOSITORY, lab.index, List.of(new CosignFixture.Legacy(payload, signature())));
    SignaturePolicy policy = policy(new Gullible(), RELEASES);
    Proof proof = proof(lab.judge(policy));
    assertEquals(Format.LEGACY_TAG, proof.format());
    assertEquals(new Standing.Good(), policy.recheck(lab.release(proof)));
  }

  @Test
  void somebody_else_and_a_missing_verifier_are_refused() {
    bundle();
    Judgement other = lab.judge(policy(new Gullible(), NIGHTLIES));
    refused(other);
    assertEquals("somebody else signed it", only(other));
    refused(lab.judge(policy(null, RELEASES)));
  }

  @Test
  void s_14_it_is_asked_again_offline() {
    Proof proof = bundle();
    Release release = lab.release(proof);
    assertEquals(new Standing.Good(), policy(new Gullible(), RELEASES).recheck(release));
    assertFlagged("whom rule * no longer lists", policy(new Gullible(), NIGHTLIES), release);
    assertFlagged("cannot be checked here", policy(null, RELEASES), release);

    Map<String, String> forged = new HashMap<>(proof.evidence());
    forged.put("bundle", CosignFixture.base64("forged".getBytes(UTF_8)));
    Standing standing =
        policy(new Gullible(), RELEASES)
            .recheck(
                lab.release(new Proof(proof.format(), proof.signer(), proof.signedAt(), forged)));
    String why = assertInstanceOf(Standing.Revoked.class, standing).why();
    assertTrue(why.endsWith("somebody else signed it"), why);
  }

  private static void assertFlagged(String why, SignaturePolicy policy, Release release) {
    Standing.Flagged flagged = assertInstanceOf(Standing.Flagged.class, policy.recheck(release));
    assertTrue(flagged.why().contains(why), flagged.why());
  }
}
