package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.TrustLab.REPOSITORY;
import static dev.moonboot.assets.verify.TrustLab.admitted;
import static dev.moonboot.assets.verify.TrustLab.only;
import static dev.moonboot.assets.verify.TrustLab.policy;
import static dev.moonboot.assets.verify.TrustLab.refused;
import static dev.moonboot.testing.RegistryFixture.descriptor;
import static dev.moonboot.testing.RegistryFixture.object;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.json.Json;
import dev.moonboot.testing.Attachments;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.RegistryFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signatures that are something else than they should be; each must be refused, with the reason.
 */
class HostileSignatureTest {
  @TempDir Path directory;
  private TrustLab lab;
  private Attachments attachments;
  private int images;

  @BeforeEach
  void open() {
    lab = new TrustLab(directory);
    attachments = new Attachments(lab.fake, REPOSITORY);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void assertPayloadRefused(String why, byte[] payload) {
    CosignFixture.putLegacy(lab.fake, REPOSITORY, lab.index, List.of(lab.signer.legacy(payload)));
    Judgement judgement = lab.judge();
    refused(judgement);
    assertTrue(only(judgement).contains(why), only(judgement));
  }

  @Test
  void s_03_a_payload_for_another_digest_is_refused() {
    assertPayloadRefused("for another image", CosignFixture.payload(lab.arm, Map.of()));
  }

  /** A signature of another image, put under this one's tag. */
  @Test
  void s_03_a_transplanted_signature_is_refused() {
    Digest signature = lab.signer.signLegacy(lab.fake, REPOSITORY, lab.arm);
    lab.fake.tag(REPOSITORY, lab.index.fileName() + ".sig", signature);
    assertTrue(only(lab.judge()).contains("for another image"));
    refused(lab.judge());
  }

  @Test
  void s_03_the_type_of_a_payload_is_exact() {
    for (String type :
        List.of("Cosign container image signature", "atomic container signature", "")) {
      assertPayloadRefused("type", CosignFixture.payload(lab.index.toString(), type, Map.of()));
    }
  }

  @Test
  void s_03_what_a_payload_says_besides_is_refused() {
    String good = new String(CosignFixture.payload(lab.index, Map.of()), UTF_8);
    assertPayloadRefused(
        "unknown members", good.replace("\"type\":", "\"policy\":1,\"type\":").getBytes(UTF_8));
    assertPayloadRefused(
        "not JSON", good.replace("\"type\":", "\"type\":\"x\",\"type\":").getBytes(UTF_8));
    assertPayloadRefused("not JSON", (good + "{}").getBytes(UTF_8));
    assertPayloadRefused("not UTF-8", (good + "\u00ff").getBytes(ISO_8859_1));
    assertPayloadRefused("not a JSON object", "[]".getBytes(UTF_8));
  }

  @Test
  void s_04_payload_bytes_of_another_digest_are_refused() {
    byte[] payload = CosignFixture.payload(lab.index, Map.of());
    CosignFixture.putLegacy(lab.fake, REPOSITORY, lab.index, List.of(lab.signer.legacy(payload)));
    lab.fake.fault(
        request -> isBlob(request, payload), Integer.MAX_VALUE, FakeRegistryFault.flippedBit());
    Judgement judgement = lab.judge();
    refused(judgement);
    assertTrue(only(judgement).contains("answered with sha256:"), only(judgement));
    lab.fake.heal();
    admitted(lab.judge());
  }

  private static boolean isBlob(FakeRegistryRequest request, byte[] bytes) {
    return request.kind() == Kind.BLOB && request.path().endsWith(Digest.of(bytes).toString());
  }

  @Test
  void s_06_a_signature_that_is_no_signature_is_refused_before_it_costs_anything() {
    byte[] payload = CosignFixture.payload(lab.index, Map.of());
    String good = signaturePadded(payload);
    for (String bad :
        List.of(
            "",
            "!",
            good + "\n",
            " " + good,
            good.replace("=", ""),
            good.replace('+', '-') + "-",
            CosignFixture.base64(new byte[70]),
            "A".repeat(1 << 20))) {
      CosignFixture.putLegacy(
          lab.fake, REPOSITORY, lab.index, List.of(new CosignFixture.Legacy(payload, bad)));
      refused(lab.judge());
    }
  }

  /**
   * ECDSA signatures are 70 to 72 bytes long in DER; in base64 those of 72 have no padding to lose.
   */
  private String signaturePadded(byte[] payload) {
    return Stream.generate(() -> lab.signer.legacy(payload).signature())
        .filter(signature -> signature.endsWith("=") && signature.contains("+"))
        .findFirst()
        .orElseThrow();
  }

  private void assertBundleRefused(String why, byte[]... documents) {
    String fresh = String.valueOf(images++);
    Digest image = lab.fake.image(REPOSITORY, "arm64", Map.of("number", fresh), new byte[10]);
    assertBundleRefused(why, image, documents);
  }

  private void assertBundleRefused(String why, Digest image, byte[]... documents) {
    attachments.attach(image, CosignFixture.BUNDLE, documents);
    Judgement judgement = policy(lab.rule()).explain(lab.registry, lab.image(), image);
    assertInstanceOf(Verdict.Refused.class, judgement.verdict());
    assertTrue(only(judgement).contains(why), only(judgement));
  }

  private byte[] statement(String type, String predicateType) {
    return CosignFixture.statement(List.of(lab.index.hex()), type, predicateType, Map.of());
  }

  @Test
  void s_07_a_bundle_that_is_not_exactly_one_is_refused() {
    byte[] good = CosignFixture.statement(lab.index, Map.of());
    assertBundleRefused("payloadType", lab.signer.bundle(good, "application/json", 1));
    assertBundleRefused(
        "_type",
        lab.signer.bundle(
            statement("https://in-toto.io/Statement/v0.1", CosignFixture.COSIGN_SIGN)));
    assertBundleRefused(
        "predicateType",
        lab.signer.bundle(statement(CosignFixture.STATEMENT, "https://slsa.dev/provenance/v1")));
    assertBundleRefused("for another image", lab.signer.bundle(good));
    assertBundleRefused(
        "for another image",
        lab.signer.bundle(
            CosignFixture.statement(
                List.of(), CosignFixture.STATEMENT, CosignFixture.COSIGN_SIGN, Map.of())));
    assertBundleRefused("2 layers", lab.signer.bundle(good), lab.signer.bundle(lab.arm));
    assertBundleRefused("0 signatures", lab.signer.bundle(good, CosignFixture.IN_TOTO, 0));
    assertBundleRefused("2 signatures", lab.signer.bundle(good, CosignFixture.IN_TOTO, 2));
  }

  @Test
  void s_07_a_bundle_of_another_version_or_with_more_in_it_is_refused() {
    String good = new String(lab.signer.bundle(lab.index), UTF_8);
    assertBundleRefused("mediaType", good.replace("v0.3", "v0.4").getBytes(UTF_8));
    assertBundleRefused(
        "unknown members",
        good.replace("\"payloadType\"", "\"x\":1,\"payloadType\"").getBytes(UTF_8));
    assertBundleRefused(
        "either an envelope",
        good.replace("\"dsseEnvelope\"", "\"messageSignature\":{},\"dsseEnvelope\"")
            .getBytes(UTF_8));
    assertBundleRefused(
        "either an envelope", ("{\"mediaType\":\"" + CosignFixture.BUNDLE + "\"}").getBytes(UTF_8));
  }

  @Test
  void s_07_a_bundle_by_somebody_else_is_refused() {
    assertBundleRefused("is not signed by", CosignFixture.p256().bundle(lab.index));
  }

  /** The payload of one signature in the envelope of another (CVE-2026-39395). */
  @Test
  void s_07_the_payload_of_another_bundle_is_refused() {
    String one = new String(lab.signer.bundle(lab.arm), UTF_8);
    String payload = CosignFixture.base64(CosignFixture.statement(lab.index, Map.of()));
    String other =
        one.replace(CosignFixture.base64(CosignFixture.statement(lab.arm, Map.of())), payload);
    assertBundleRefused("is not signed by", lab.index, other.getBytes(UTF_8));
  }

  @Test
  void s_07_a_bundle_whose_manifest_belongs_to_another_image_is_refused() {
    lab.fake.referrersPage(0);
    byte[] document = lab.signer.bundle(lab.index);
    lab.fake.putBlob(document);
    Json.Obj manifest =
        object(
            "schemaVersion",
            Json.Num.of(2),
            "mediaType",
            new Json.Str(RegistryFixture.MANIFEST),
            "artifactType",
            new Json.Str(CosignFixture.BUNDLE),
            "config",
            descriptor("application/vnd.oci.empty.v1+json", "{}".getBytes(UTF_8)),
            "layers",
            new Json.Arr(List.of(descriptor(CosignFixture.BUNDLE, document))),
            "subject",
            descriptor(RegistryFixture.INDEX, "other".getBytes(UTF_8)));
    attachments.attach(lab.index, manifest);
    Judgement judgement = lab.judge();
    refused(judgement);
    assertTrue(only(judgement).contains("belongs to another image"), only(judgement));
  }

  @Test
  void s_07_a_message_signature_of_something_else_is_refused() {
    assertBundleRefused("for another image", lab.signer.messageBundle("else".getBytes(UTF_8)));
    String good = new String(lab.signer.messageBundle(lab.manifest()), UTF_8);
    assertBundleRefused("algorithm", good.replace("SHA2_256", "SHA2_512").getBytes(UTF_8));
  }

  @Test
  void s_10_a_document_larger_than_the_limit_is_not_read() {
    byte[] large =
        (new String(lab.signer.bundle(lab.index), UTF_8) + " ".repeat(128 << 10)).getBytes(UTF_8);
    assertBundleRefused("at most 131072", large);
    assertEquals(0, lab.fake.count(Kind.BLOB));
  }

  @Test
  void one_bad_signature_does_not_hide_a_good_one() {
    CosignFixture.putLegacy(
        lab.fake,
        REPOSITORY,
        lab.index,
        List.of(
            CosignFixture.p256().legacy(CosignFixture.payload(lab.index, Map.of())),
            new CosignFixture.Legacy("{}".getBytes(UTF_8), "!"),
            lab.signer.legacy(CosignFixture.payload(lab.index, Map.of()))));
    attachments.attach(lab.index, CosignFixture.BUNDLE, "no bundle".getBytes(UTF_8));
    Judgement judgement = lab.judge();
    admitted(judgement);
    assertEquals(
        List.of(false, false, false, true),
        judgement.findings().stream().map(Finding::good).toList());
  }

  @Test
  void a_registry_that_cannot_be_asked_is_no_verdict() {
    lab.signer.signLegacy(lab.fake, REPOSITORY, lab.index);
    lab.fake.fault(Kind.REFERRERS, FakeRegistryFault.status(500));
    assertThrows(RegistryException.class, lab::judge);
    lab.fake.heal();
    lab.fake.fault(Kind.BLOB, FakeRegistryFault.status(403));
    assertThrows(RegistryException.class, lab::judge);
  }

  @Test
  void a_signature_whose_payload_is_missing_does_not_count() {
    byte[] payload = CosignFixture.payload(lab.index, Map.of());
    CosignFixture.putLegacy(lab.fake, REPOSITORY, lab.index, List.of(lab.signer.legacy(payload)));
    lab.fake.removeBlob(Digest.of(payload));
    assertTrue(only(lab.judge()).contains("not found"));
  }
}
