package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.ignition.Ignition;
import dev.moonboot.ignition.Normalized;
import dev.moonboot.ignition.Translation;
import dev.moonboot.ignition.Translator;
import dev.moonboot.json.Json;
import dev.moonboot.matchbox.MatchboxVector;
import dev.moonboot.openpgp.GnuPg;
import dev.moonboot.openpgp.KeyRing;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.provision.MatchboxWays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a matchbox with a key answered, asked of a boot listener with another key. */
class SignedVectorsTest {
  private static final MatchboxWays AS_MATCHBOX = new MatchboxWays(false, true, false);

  /** In the place of butane, for a config that has nothing in it. */
  private static final Translator BUTANE =
      _ ->
          new Translation.Made(
              new Normalized.Config(
                  Ignition.BLANK.replace("\"version\":\"\"", "\"version\":\"3.4.0\"")));

  @TempDir static Path folder;
  private static GnuPg gpg;
  private static SigningConfig signing;

  @BeforeAll
  static void key() throws Exception {
    gpg = new GnuPg(folder);
    gpg.generate("matchbox@x", "rsa1024", "test");
    signing = new SigningConfig(KeyRing.open(gpg.export("matchbox@x", "test"), "test"));
  }

  @AfterAll
  static void end() throws IOException {
    gpg.close();
  }

  private static List<MatchboxVector> vectors() {
    return MatchboxVector.all().stream()
        .filter(v -> v.json().object("server").flatMap(of -> of.member("signing")).isPresent())
        .toList();
  }

  @Test
  void there_are_fifteen() {
    assertEquals(15, vectors().size());
  }

  @TestFactory
  List<DynamicTest> as_matchbox() {
    return vectors().stream()
        .map(v -> DynamicTest.dynamicTest(v.name(), () -> check(v, AS_MATCHBOX)))
        .toList();
  }

  @TestFactory
  List<DynamicTest> the_safe_way_differs_where_nothing_is_there() {
    return vectors().stream()
        .filter(v -> !v.name().equals("asc-of-404-is-signed"))
        .map(v -> DynamicTest.dynamicTest(v.name(), () -> check(v, MatchboxWays.NONE)))
        .toList();
  }

  private static void check(MatchboxVector vector, MatchboxWays ways) throws IOException {
    Path data = Files.createTempDirectory(folder, "data");
    vector.write(data);
    try (BootFixture boot = BootFixture.start(data, ways, signing, BUTANE)) {
      RawClient.Answer answer = get(boot, vector.path(), vector.query());
      Json.Obj expect = vector.expect();
      assertEquals(vector.status(), answer.status());
      expect
          .object("headers")
          .map(Json.Obj::members)
          .orElse(Map.of())
          .forEach((name, value) -> assertEquals(value, new Json.Str(answer.header(name)), name));
      for (Json part : expect.array("body_contains").orElse(List.of())) {
        assertTrue(answer.text().contains(((Json.Str) part).value()), answer.text());
      }
      if (expect.text("body").isPresent()) {
        assertEquals(expect.text("body").get(), answer.text());
      } else {
        assertEquals(
            "matchbox@x version=4 hash=8 class=01", gpg.verify(answer.body(), of(boot, expect)));
      }
    }
  }

  /** What the signature is to be of: a text, or what is answered elsewhere. */
  private static byte[] of(BootFixture boot, Json.Obj expect) throws IOException {
    return switch (expect.member("verifies_as_openpgp_text_signature_of").orElseThrow()) {
      case Json.Str(var text) -> text.getBytes(UTF_8);
      case Json.Obj other ->
          get(boot, other.text("path").orElseThrow(), other.text("query").orElseThrow()).body();
      case Json json -> throw new AssertionError(json);
    };
  }

  private static RawClient.Answer get(BootFixture boot, String path, String query)
      throws IOException {
    return RawClient.get(boot.address(), path + (query.isEmpty() ? "" : "?" + query));
  }
}
