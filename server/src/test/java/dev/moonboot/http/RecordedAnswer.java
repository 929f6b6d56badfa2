package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.json.Json;
import dev.moonboot.matchbox.MatchboxVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Holds an answer against what real matchbox answered. */
public final class RecordedAnswer {
  private final Json.Obj expect;
  private final RawClient.Answer answer;
  private final List<String> differences = new ArrayList<>();

  private RecordedAnswer(Json.Obj expect, RawClient.Answer answer) {
    this.expect = expect;
    this.answer = answer;
  }

  /** In what an answer differs from both releases of matchbox; empty when it is one of theirs. */
  public static List<String> differences(MatchboxVector vector, RawClient.Answer answer) {
    List<String> newest = new RecordedAnswer(vector.expect(), answer).compared();
    boolean old = new RecordedAnswer(vector.otherExpect(), answer).compared().isEmpty();
    return old ? List.of() : newest;
  }

  private List<String> compared() {
    compare("status", expect.integer("status").orElseThrow(), (long) answer.status());
    expect
        .object("headers")
        .map(Json.Obj::members)
        .orElse(Map.of())
        .forEach((name, value) -> compare(name, text(value), answer.header(name)));
    expect
        .text("content_type_prefix")
        .filter(prefix -> !answer.header("Content-Type").startsWith(prefix))
        .ifPresent(prefix -> compare("Content-Type", prefix, answer.header("Content-Type")));
    for (String name : texts("headers_absent")) {
      compare(name, false, answer.has(name));
    }
    for (String part : texts("body_contains")) {
      compare("body has " + part, true, answer.text().contains(part));
    }
    expect
        .text("body")
        .filter(body -> !Arrays.equals(body.getBytes(UTF_8), answer.body()))
        .ifPresent(body -> compare("body", body, answer.text()));
    if (expect.array("body_lines_unordered").isPresent()) {
      List<String> lines = new ArrayList<>(List.of(answer.text().split("\n", -1)));
      compare("end of the last line", "", lines.removeLast());
      compare("lines", texts("body_lines_unordered"), lines.stream().sorted().toList());
    }
    return differences;
  }

  private List<String> texts(String member) {
    return expect.array(member).orElse(List.of()).stream().map(RecordedAnswer::text).toList();
  }

  private static String text(Json json) {
    return ((Json.Str) json).value();
  }

  private void compare(String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      differences.add(what + ": " + actual + ", expected " + expected);
    }
  }
}
