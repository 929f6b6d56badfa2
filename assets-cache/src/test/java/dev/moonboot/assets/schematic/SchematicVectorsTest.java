package dev.moonboot.assets.schematic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Against what go.yaml.in/yaml/v4 (of June 2026) made of the same texts, read and written as the
 * factory does, by a decoder with {@code KnownFields(true)} and {@code Marshal}: {@code
 * schematics.jsonl.gz}, one object a line with {@code in} and, unless they refused it, {@code
 * canonical}. Whatever is accepted here gives the same canonical text; what is not is refused.
 * {@code older} is what releases of it wrote otherwise that factories from 0.9.0 on were built with
 * (4.0.0-rc.3 and rc.4): that has no certain id, and is refused too.
 */
class SchematicVectorsTest {
  @Test
  void is_right_or_says_no() throws IOException {
    List<String> wrong = new ArrayList<>();
    int accepted = 0;
    int refused = 0;
    for (Json.Obj vector : vectors()) {
      String in = vector.text("in").orElseThrow();
      String theirs = vector.text("canonical").orElse("(refused)");
      try {
        String ours = Schematic.parse(in).canonical();
        if (!ours.equals(theirs)) {
          wrong.add(
              "in: " + quoted(in) + "\n ours: " + quoted(ours) + "\n theirs: " + quoted(theirs));
        }
        accepted++;
        if (vector.member("older").isPresent()) {
          wrong.add("in: " + quoted(in) + "\n other factories: " + vector.member("older"));
        }
      } catch (SchematicException e) {
        refused += vector.text("canonical").isPresent() ? 1 : 0;
      }
    }
    assertEquals(List.of(), wrong.subList(0, Math.min(20, wrong.size())), wrong.size() + " wrong");
    assertTrue(accepted > 2 * refused, accepted + " accepted, " + refused + " refused");
  }

  private static String quoted(String text) {
    return new Json.Str(text).compact();
  }

  private static List<Json.Obj> vectors() throws IOException {
    var resource =
        requireNonNull(SchematicVectorsTest.class.getResourceAsStream("/schematics.jsonl.gz"));
    try (var in = new BufferedReader(new InputStreamReader(new GZIPInputStream(resource), UTF_8))) {
      return in.lines().map(line -> (Json.Obj) JsonText.parse(line)).toList();
    }
  }
}
