package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.TrustLab.REPOSITORY;
import static dev.moonboot.assets.verify.TrustLab.admitted;
import static dev.moonboot.assets.verify.TrustLab.policy;
import static dev.moonboot.assets.verify.TrustLab.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.RegistryFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every single byte changed, of everything that a signature is made of. */
class FlippedByteTest {
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

  /** Once with the lowest bit changed, which keeps letters letters, and once with the highest. */
  private static Stream<byte[]> flips(byte[] good) {
    return IntStream.range(0, good.length * 2).mapToObj(i -> flipped(good, i / 2, i % 2 == 0));
  }

  private static byte[] flipped(byte[] good, int at, boolean low) {
    byte[] bad = good.clone();
    bad[at] ^= (byte) (low ? 1 : 0x80);
    return bad;
  }

  private boolean counts(Candidate candidate) {
    var weighing = new Weighing(lab.rule(), Set.of(), null);
    weighing.add(new SignatureSearch.Found.Read(candidate, "here"));
    return weighing.proof(List.of(lab.index)).isPresent();
  }

  private boolean counts(byte[] payload, String signature) {
    return counts(
        new Candidate.SimpleSigning(
            lab.index, payload, Map.of(KeySignature.SIGNATURE_ANNOTATION, signature)));
  }

  @Test
  void a_changed_payload_is_never_accepted() {
    CosignFixture.Legacy good = lab.signer.legacy(CosignFixture.payload(lab.index, Map.of()));
    assertTrue(counts(good.payload(), good.signature()));
    flips(good.payload()).forEach(bad -> assertFalse(counts(bad, good.signature())));
  }

  @Test
  void a_changed_signature_is_never_accepted() {
    CosignFixture.Legacy good = lab.signer.legacy(CosignFixture.payload(lab.index, Map.of()));
    flips(good.signature().getBytes(UTF_8))
        .forEach(bad -> assertFalse(counts(good.payload(), new String(bad, UTF_8))));
  }

  /** Of a bundle, all but the hint which key it is, which nobody signs and nobody here reads. */
  @Test
  void a_changed_bundle_is_never_accepted() {
    for (byte[] good :
        List.of(lab.signer.bundle(lab.index), lab.signer.messageBundle(lab.manifest()))) {
      assertTrue(counts(new Candidate.Bundle(lab.index, good)));
      String text = new String(good, UTF_8);
      int from = text.indexOf("{\"publicKey\"");
      int to = text.indexOf("},\"", from);
      for (int i = 0; i < good.length; i++) {
        if (i > from && i < to) {
          continue;
        }
        assertFalse(counts(new Candidate.Bundle(lab.index, flipped(good, i, true))), "byte " + i);
        assertFalse(counts(new Candidate.Bundle(lab.index, flipped(good, i, false))), "byte " + i);
      }
    }
  }

  /** A registry that changes what it hands out under a digest. */
  @Test
  void a_changed_manifest_list_or_document_is_never_accepted() {
    TrustRule rule = lab.rule();
    Digest legacy = lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    lab.fake.referrersPage(0);
    Digest bundle = lab.signer.signBundle(lab.fake, REPOSITORY, lab.index);
    assertNothingChangedIsAccepted(rule, Format.LEGACY_TAG, legacy);
    assertNothingChangedIsAccepted(rule, Format.BUNDLE_V03, bundle);
  }

  private void assertNothingChangedIsAccepted(TrustRule rule, Format format, Digest manifest) {
    SignaturePolicy policy =
        policy(
            new TrustRule(
                rule.match(),
                false,
                rule.mode(),
                rule.subject(),
                List.of(format),
                rule.anyOf(),
                null));
    admitted(lab.judge(policy));
    byte[] good = lab.fake.manifestBytes(manifest);
    for (int at = 0; at < good.length; at++) { // each once: the digest says no, whichever the bit
      byte[] bad = flipped(good, at, at % 2 == 0);
      lab.fake.forgeManifest(manifest, RegistryFixture.MANIFEST, bad);
      refused(lab.judge(policy));
    }
    lab.fake.forgeManifest(manifest, RegistryFixture.MANIFEST, good);
    admitted(lab.judge(policy));
    lab.fake.fault(Kind.BLOB, FakeRegistryFault.flippedBit());
    assertInstanceOf(Verdict.Refused.class, lab.judge(policy).verdict());
    lab.fake.heal();
  }
}
