package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.SigstoreSite.object;
import static dev.moonboot.assets.verify.SigstoreSite.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.verify.KeylessVerifier.Outcome;
import dev.moonboot.assets.verify.Signer.Keyless;
import dev.moonboot.assets.verify.SigstoreSite.Signing;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigstoreVerifierTest {
  private static final String ISSUER = "https://token.actions.githubusercontent.com";
  private static final String SAN =
      "https://github.com/acme/talos/.github/workflows/build.yml@refs/heads/main";

  /** Its certificate has expired long ago. */
  private static final Instant FROM = Instant.parse("2025-03-01T12:00:00Z");

  private static final Instant LOGGED = FROM.plusSeconds(5);
  private static final Digest IMAGE = Digest.of("the image's index".getBytes(UTF_8));

  @TempDir private Path folder;
  private final SigstoreSite site = new SigstoreSite();
  private final KeylessVerifier verifier = new SigstoreVerifier();
  private Keyless signer;

  @BeforeEach
  void trust() throws IOException {
    signer = new Keyless(ISSUER, SAN, site.writeTrustedRoot(folder), true);
  }

  private Outcome check(Json.Obj bundle) {
    return check(bundle, IMAGE);
  }

  private Outcome check(Json.Obj bundle, Digest subject) {
    return verifier.check(signer, new Candidate.Bundle(subject, bundle.compact().getBytes(UTF_8)));
  }

  private void assertBad(String why, Outcome outcome) {
    String said = assertInstanceOf(Outcome.Bad.class, outcome).why();
    assertTrue(said.contains(why), said);
  }

  private static Signing signing() {
    return new Signing(ISSUER, SAN, FROM, LOGGED);
  }

  @Test
  void it_is_found_on_the_class_path() {
    assertInstanceOf(SigstoreVerifier.class, KeylessVerifier.find().orElseThrow());
  }

  @Test
  void s_08_an_expired_certificate_counts_at_the_time_of_the_log() {
    verifier.prepare(signer);
    assertEquals(new Outcome.Good(LOGGED), check(site.sign(signing(), IMAGE)));
  }

  @Test
  void s_08_a_certificate_that_was_not_valid_at_the_time_of_the_log_is_refused() {
    var late = new Signing(ISSUER, SAN, FROM, FROM.plus(Duration.ofMinutes(11)));
    assertBad("when its certificate was not valid", check(site.sign(late, IMAGE)));
    var early = new Signing(ISSUER, SAN, FROM, FROM.minusSeconds(1));
    assertBad("when its certificate was not valid", check(site.sign(early, IMAGE)));
  }

  @Test
  void s_08_another_identity_is_refused() {
    var other = new Signing(ISSUER, SAN.replace("main", "feature"), FROM, LOGGED);
    assertBad("its certificate is not for", check(site.sign(other, IMAGE)));
    var longer = new Signing(ISSUER, SAN + "x", FROM, LOGGED);
    assertBad("its certificate is not for", check(site.sign(longer, IMAGE)));
  }

  @Test
  void s_08_the_same_identity_by_another_issuer_is_refused() {
    var other = new Signing("https://accounts.example", SAN, FROM, LOGGED);
    assertBad("its certificate is not for", check(site.sign(other, IMAGE)));
  }

  @Test
  void s_08_the_log_entry_of_another_signature_is_refused() {
    Json.Obj mine = site.sign(signing(), IMAGE);
    Json.Obj other = site.sign(signing(), IMAGE);
    Json.Obj mixed =
        with(
            mine,
            "verificationMaterial",
            material ->
                put(
                    material,
                    "tlogEntries",
                    other
                        .object("verificationMaterial")
                        .orElseThrow()
                        .member("tlogEntries")
                        .get()));
    assertBad("another signature", check(mixed));
  }

  @Test
  void s_08_a_bundle_without_an_inclusion_proof_is_refused() {
    assertBad("inclusion proof", check(inEntry(entry -> without(entry, "inclusionProof"))));
  }

  @Test
  void s_08_an_entry_that_the_log_did_not_sign_for_is_refused() {
    assertBad("No timestamp", check(inEntry(entry -> without(entry, "inclusionPromise"))));
  }

  @Test
  void s_08_a_time_that_the_log_did_not_state_is_refused() {
    assertBad(
        "SET was not valid",
        check(
            inEntry(entry ->
                put(entry, "integratedTime", text(Long.toString(LOGGED.getEpochSecond() + 1))))));
  }

  @Test
  void s_08_an_entry_whose_proof_leads_elsewhere_is_refused() {
    assertBad(
        "Inclusion proof",
        check(
            inEntry(entry ->
                with(
                    entry,
                    "inclusionProof",
                    proof -> put(proof, "rootHash", SigstoreSite.base64(new byte[32]))))));
  }

  @Test
  void s_08_another_authority_is_refused() {
    assertBad("not verifiable", check(new SigstoreSite().sign(signing(), IMAGE)));
  }

  @Test
  void s_08_a_signature_of_another_image_is_refused() {
    Digest other = Digest.of("another image".getBytes(UTF_8));
    assertBad("another image", check(site.sign(signing(), IMAGE), other));
  }

  @Test
  void s_07_a_statement_that_says_something_else_of_the_image_is_refused() {
    byte[] provenance = SigstoreSite.statement(IMAGE, "https://slsa.dev/provenance/v1");
    assertBad("predicateType", check(site.sign(signing(), provenance)));
  }

  @Test
  void s_08_a_signature_that_was_changed_is_refused() {
    Json.Obj bundle = site.sign(signing(), IMAGE);
    Json.Obj changed =
        with(
            bundle,
            "dsseEnvelope",
            envelope ->
                put(
                    envelope,
                    "signatures",
                    SigstoreSite.array(object("sig", SigstoreSite.base64(new byte[70])))));
    assertInstanceOf(Outcome.Bad.class, check(changed));
  }

  @Test
  void s_08_the_first_form_of_cosign_cannot_prove_what_the_log_holds() {
    var legacy = new Candidate.SimpleSigning(IMAGE, new byte[0], Map.of());
    assertBad("bundles", verifier.check(signer, legacy));
  }

  @Test
  void what_is_no_bundle_at_all_is_refused() {
    assertInstanceOf(Outcome.Bad.class, check(object()));
    assertInstanceOf(
        Outcome.Bad.class,
        verifier.check(signer, new Candidate.Bundle(IMAGE, new byte[] {'{', 0, (byte) 0xff})));
  }

  @Test
  void a_trusted_root_that_cannot_be_used_is_said_when_the_policy_is_read() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{]");
    var unusable = new Keyless(ISSUER, SAN, broken, true);
    var wrong = assertThrows(IllegalArgumentException.class, () -> verifier.prepare(unusable));
    assertTrue(String.valueOf(wrong.getMessage()).contains("broken.json"));
  }

  @Test
  void a_policy_cannot_do_without_the_log() {
    var logless = new Keyless(ISSUER, SAN, signer.trustedRoot(), false);
    assertThrows(IllegalArgumentException.class, () -> verifier.prepare(logless));
  }

  private Json.Obj inEntry(UnaryOperator<Json.Obj> change) {
    return with(
        site.sign(signing(), IMAGE),
        "verificationMaterial",
        material -> {
          Json.Obj entry = (Json.Obj) material.array("tlogEntries").orElseThrow().getFirst();
          return put(material, "tlogEntries", SigstoreSite.array(change.apply(entry)));
        });
  }

  private static Json.Obj with(Json.Obj in, String name, UnaryOperator<Json.Obj> change) {
    return put(in, name, change.apply(in.object(name).orElseThrow()));
  }

  private static Json.Obj put(Json.Obj in, String name, Json value) {
    Map<String, Json> members = new LinkedHashMap<>(in.members());
    members.put(name, value);
    return new Json.Obj(members);
  }

  private static Json.Obj without(Json.Obj in, String name) {
    Map<String, Json> members = new LinkedHashMap<>(in.members());
    members.remove(name);
    return new Json.Obj(members);
  }
}
