package dev.moonboot.assets.store;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Why a release was let in, as JSON within its record. */
final class AdmissionRecord {
  private static final String INPUTS = "inputs";

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
    if (!admission.inputs().isEmpty()) {
      members.put(
          INPUTS,
          new Json.Arr(admission.inputs().stream().<Json>map(AdmissionRecord::json).toList()));
    }
    return new Json.Obj(members);
  }

  private static Json.Obj json(Admission.OfInput input) {
    Map<String, Json> platforms = new LinkedHashMap<>();
    new TreeMap<>(input.platforms())
        .forEach((arch, digest) -> platforms.put(arch.id(), new Json.Str(digest.toString())));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(input.name()));
    members.put("source", new Json.Str(input.source()));
    members.put("digest", new Json.Str(input.digest().toString()));
    members.put("platforms", new Json.Obj(platforms));
    members.put("admission", json(input.admission()));
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
        want(json, "warning"),
        json.array(INPUTS).orElse(List.of()).stream().map(AdmissionRecord::input).toList());
  }

  private static Admission.OfInput input(Json item) {
    Json.Obj json = (Json.Obj) item;
    Map<Arch, Digest> platforms = new LinkedHashMap<>();
    json.object("platforms")
        .orElseThrow()
        .members()
        .forEach((arch, digest) ->
            platforms.put(
                Arch.parse(arch).orElseThrow(), Digest.parse(((Json.Str) digest).value())));
    return new Admission.OfInput(
        want(json, "name"),
        want(json, "source"),
        Digest.parse(want(json, "digest")),
        platforms,
        read(json.object("admission").orElseThrow()));
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
