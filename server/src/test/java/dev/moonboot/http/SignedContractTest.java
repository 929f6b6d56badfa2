package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.ignition.Normalized;
import dev.moonboot.ignition.Translator;
import dev.moonboot.json.Json;
import dev.moonboot.matchbox.MatchboxVector;
import dev.moonboot.matchbox.WantedDifferences;
import dev.moonboot.openpgp.GnuPg;
import dev.moonboot.openpgp.KeyRing;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.provision.MatchboxWays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What real matchbox answered that had a key, and whether the real gpg takes our signatures. */
class SignedContractTest {
  private static final String TEXT = "verifies_as_openpgp_text_signature_of";

  /** What it makes of a config does not matter: that is signed. */
  private static final Translator BUTANE = _ -> new Normalized.Config("{}");

  @TempDir private static Path work;
  private static GnuPg gpg;
  private static SigningConfig signing;

  @TempDir Path root;

  @BeforeAll
  static void makeKey() throws Exception {
    gpg = new GnuPg(work);
    gpg.generate("moonboot", "rsa2048", "test");
    signing = new SigningConfig(KeyRing.open(gpg.export("moonboot", "test"), "test"));
  }

  @AfterAll
  static void endAgent() throws IOException {
    gpg.close();
  }

  private interface Check {
    void of(MatchboxVector vector) throws IOException;
  }

  private static List<DynamicTest> each(boolean switched, Check check) {
    return MatchboxVector.all().stream()
        .filter(MatchboxVector::needsKey)
        .filter(vector -> WantedDifferences.SWITCHED.containsKey(vector.name()) == switched)
        .map(vector -> {
          Executable test = () -> check.of(vector);
          return DynamicTest.dynamicTest(vector.name(), test);
        })
        .toList();
  }

  @TestFactory
  List<DynamicTest> i_10_an_answer_is_signed_as_matchbox_signs_it() {
    return each(false, vector -> checkAsMatchbox(vector, MatchboxWays.NONE));
  }

  @TestFactory
  List<DynamicTest> i_10_what_says_there_is_nothing_is_signed_only_by_request() {
    return each(true, vector -> checkAsMatchbox(vector, new MatchboxWays(false, true, false)));
  }

  @TestFactory
  List<DynamicTest> i_10_otherwise_it_is_the_plain_404() {
    return each(
        true,
        vector -> {
          try (BootFixture server = start(vector, MatchboxWays.NONE)) {
            RawClient.Answer answer = ask(server, vector);
            assertEquals("404 404 page not found\n", answer.status() + " " + answer.text());
          }
        });
  }

  private void checkAsMatchbox(MatchboxVector vector, MatchboxWays ways) throws IOException {
    try (BootFixture server = start(vector, ways)) {
      RawClient.Answer answer = ask(server, vector);
      assertEquals(List.of(), RecordedAnswer.differences(vector, answer), answer.head());
      if (vector.expect().member(TEXT).isPresent()) {
        assertEquals(
            "moonboot version=4 hash=8 class=01", gpg.verify(answer.body(), text(server, vector)));
      }
    }
  }

  /** What the signature is to be of. */
  private static byte[] text(BootFixture server, MatchboxVector vector) throws IOException {
    Json of = vector.expect().member(TEXT).orElseThrow();
    if (of instanceof Json.Str(var text)) {
      return text.getBytes(UTF_8);
    }
    Json.Obj request = (Json.Obj) of;
    String target = request.text("path").orElseThrow() + "?" + request.text("query").orElseThrow();
    return RawClient.get(server.address(), target).body();
  }

  private BootFixture start(MatchboxVector vector, MatchboxWays ways) throws IOException {
    Path data = Files.createDirectory(root.resolve(vector.name()));
    vector.write(data);
    return BootFixture.start(data, ways, signing, BUTANE);
  }

  private static RawClient.Answer ask(BootFixture server, MatchboxVector vector)
      throws IOException {
    try (RawClient client = RawClient.connect(server.address())) {
      return client.send(vector.head()).read(vector.method());
    }
  }
}
