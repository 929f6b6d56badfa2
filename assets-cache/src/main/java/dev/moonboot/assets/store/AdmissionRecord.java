package dev.moonboot.assets.store;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Proof;
import dev.moonboot.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Why a release was let in, as JSON within its record. */
final class AdmissionRecord {
  private AdmissionRecord() {}

  static Json.Obj json(Admission admission) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("mode", new Json.Str(admission.mode().name()));
    members.put("rule", new Json.Str(admission.rule()));
    members.put("warning", new Json.Str(admission.warning()));
    Proof proof = admission.proof();
    if (proof != null) {
      members.put("proof", json(proof));
    }
    return new Json.Obj(members);
  }

  private static Json.Obj json(Proof proof) {
    Map<String, Json> evidence = new LinkedHashMap<>();
    new TreeMap<>(proof.evidence())
        .forEach((name, bytes) -> evidence.put(name, new Json.Str(bytes)));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("format", new Json.Str(proof.format().name()));
    members.put("signer", new Json.Str(proof.signer()));
    Instant signedAt = proof.signedAt();
    if (signedAt != null) {
      members.put("signedAt", new Json.Str(signedAt.toString()));
    }
    members.put("evidence", new Json.Obj(evidence));
    return new Json.Obj(members);
  }

  /**
   * @throws RuntimeException when a member is missing or not what it should be
   */
  static Admission read(Json.Obj json) {
    return new Admission(
        Admission.Mode.valueOf(want(json, "mode")),
        want(json, "rule"),
        json.object("proof").map(AdmissionRecord::proof).orElse(null),
        want(json, "warning"));
  }

  private static @Nullable Proof proof(Json.Obj json) {
    Map<String, String> evidence = new LinkedHashMap<>();
    json.object("evidence")
        .orElseThrow()
        .members()
        .forEach((name, bytes) -> evidence.put(name, ((Json.Str) bytes).value()));
    return new Proof(
        Proof.Format.valueOf(want(json, "format")),
        want(json, "signer"),
        json.text("signedAt").map(Instant::parse).orElse(null),
        evidence);
  }

  private static String want(Json.Obj json, String name) {
    return json.text(name).orElseThrow(() -> new NoSuchElementException("no " + name));
  }
}
