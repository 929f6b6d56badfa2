package dev.moonboot.assets.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdmissionRecordTest {
  private static final Admission SIGNED =
      new Admission(
          Mode.REQUIRE,
          "ghcr.io/acme/*",
          new Proof(
              Proof.Format.BUNDLE_V03,
              "sha256:key",
              Instant.parse("2026-03-01T12:00:00Z"),
              Map.of("bundle", "e30=")),
          "");

  private static Digest digest(String of) {
    return StoreFixture.image(of);
  }

  @Test
  void what_was_written_before_releases_had_inputs_is_read_as_it_was_meant() {
    String before = "{\"mode\":\"WARN\",\"rule\":\"*\",\"warning\":\"nobody signed it\"}";
    Admission expected = new Admission(Mode.WARN, "*", null, "nobody signed it");
    assertEquals(expected, AdmissionRecord.read((Json.Obj) JsonText.parse(before)));
    assertEquals(before, AdmissionRecord.json(expected).compact());
  }

  @Test
  void what_let_each_input_in_is_read_back() {
    Admission composed =
        Admission.of(
            List.of(
                new Admission.OfInput(
                    "siderolabs/frr",
                    "ghcr.io/siderolabs/frr:v1",
                    digest("frr"),
                    Map.of(Arch.AMD64, digest("amd64"), Arch.ARM64, digest("arm64")),
                    SIGNED),
                new Admission.OfInput(
                    "oci:/srv/ext",
                    "oci:/srv/ext",
                    digest("ext"),
                    Map.of(),
                    new Admission(Mode.WARN, "*", null, "nobody signed it"))));
    assertEquals(Mode.WARN, composed.mode());
    assertEquals("ghcr.io/acme/*, *", composed.rule());
    assertEquals("oci:/srv/ext: nobody signed it", composed.warning());
    Json.Obj json = (Json.Obj) JsonText.parse(AdmissionRecord.json(composed).pretty());
    assertEquals(composed, AdmissionRecord.read(json));
  }

  @Test
  void of_many_warnings_the_first_few_are_told() {
    Admission warned = new Admission(Mode.WARN, "", null, "no rule");
    List<Admission.OfInput> inputs =
        Stream.of("a", "b", "c", "d")
            .map(name -> new Admission.OfInput(name, name, digest(name), Map.of(), warned))
            .toList();
    assertEquals("a: no rule; b: no rule; and 2 more inputs", Admission.of(inputs).warning());
    assertEquals("a: no rule", Admission.of(inputs.subList(0, 1)).warning());
  }
}
