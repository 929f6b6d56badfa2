package dev.moonboot.http;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.matchbox.MatchboxVector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What real matchbox answered, asked of the running boot listener. */
class MatchboxContractTest {
  /** Endpoints of matchbox that are not built yet. */
  private static final Pattern LATER =
      Pattern.compile("/(generic|cloud|ignition|metadata)|.*\\.(sig|asc)");

  /** Vectors of a matchbox that was started otherwise, and what stands for them here. */
  private static final Map<String, String> OTHER_START =
      Map.of("assets-disabled", "BootListenerTest.without_static_files_there_are_none");

  /**
   * Where we answer otherwise on purpose: vector to our status. docs/matchbox-compat.md says why.
   */
  private static final Map<String, Integer> WANTED =
      Map.of(
          "home-post", 405,
          "ipxe-post", 405,
          "ipxe-post-body-not-labels", 405,
          "ipxe-delete-method", 405,
          "assets-post-served", 405,
          "options-method", 405,
          "assets-dir-listing", 404,
          "assets-hidden-file", 404);

  @TempDir Path root;

  private static List<MatchboxVector> vectors() {
    return MatchboxVector.all().stream()
        .filter(vector -> !LATER.matcher(vector.path()).matches())
        .toList();
  }

  @TestFactory
  List<DynamicTest> an_answer_is_what_matchbox_answers() {
    return vectors().stream()
        .filter(vector -> !vector.needsOtherOptions())
        .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> check(vector)))
        .toList();
  }

  @Test
  void no_vector_is_left_out_without_a_reason() {
    assertEquals(106, vectors().size());
    assertEquals(
        OTHER_START.keySet(),
        vectors().stream()
            .filter(MatchboxVector::needsOtherOptions)
            .map(MatchboxVector::name)
            .collect(toCollection(TreeSet::new)));
  }

  @Test
  void every_wanted_difference_is_in_the_document() throws IOException {
    Path document = Path.of(System.getProperty("basedir", "."), "../docs/matchbox-compat.md");
    Map<String, Integer> listed =
        Files.readAllLines(document).stream()
            .map(Pattern.compile("\\| `([a-z0-9-]+)` \\| (\\d{3}) \\|.*")::matcher)
            .filter(java.util.regex.Matcher::matches)
            .collect(toMap(row -> row.group(1), row -> Integer.valueOf(row.group(2))));
    assertEquals(WANTED, listed);
  }

  private void check(MatchboxVector vector) throws IOException {
    Path data = Files.createDirectory(root.resolve(vector.name()));
    vector.write(data);
    try (BootFixture server = BootFixture.start(data);
        RawClient client = RawClient.connect(server.address())) {
      RawClient.Answer answer = client.send(head(vector)).read(vector.method());
      Integer wanted = WANTED.get(vector.name());
      if (wanted != null) {
        assertEquals(wanted, answer.status());
        return;
      }
      List<String> newest = differences(vector.expect(), answer);
      List<String> old = differences(vector.otherExpect(), answer);
      assertTrue(newest.isEmpty() || old.isEmpty(), () -> newest + "\n" + answer.head());
    }
  }

  private static String head(MatchboxVector vector) {
    String target = vector.path() + (vector.query().isEmpty() ? "" : "?" + vector.query());
    StringBuilder head = new StringBuilder(vector.method() + " " + target + " HTTP/1.1\r\n");
    head.append("Host: matchbox.example.com:8080\r\nConnection: close\r\n");
    vector
        .headers()
        .forEach((name, value) -> head.append(name + ": " + ((Json.Str) value).value() + "\r\n"));
    return head.append("\r\n").toString();
  }

  private static List<String> differences(Json.Obj expect, RawClient.Answer answer) {
    List<String> found = new ArrayList<>();
    compare(found, "status", expect.integer("status").orElseThrow(), (long) answer.status());
    expect
        .object("headers")
        .map(Json.Obj::members)
        .orElse(Map.of())
        .forEach(
            (name, value) -> compare(found, name, ((Json.Str) value).value(), answer.header(name)));
    for (Json name : expect.array("headers_absent").orElse(List.of())) {
      compare(found, name.compact(), false, answer.has(((Json.Str) name).value()));
    }
    expect
        .text("body")
        .map(body -> body.getBytes(StandardCharsets.UTF_8))
        .filter(body -> !Arrays.equals(body, answer.body()))
        .ifPresent(body -> found.add("body: " + answer.text()));
    return found;
  }

  private static void compare(List<String> found, String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      found.add(what + ": " + actual + ", expected " + expected);
    }
  }
}
