package dev.moonboot.admin;

import static dev.moonboot.admin.AdminFixture.ADMIN;
import static dev.moonboot.admin.AdminFixture.OPERATOR;
import static dev.moonboot.admin.AdminFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.http.RawClient;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request must be like, seen with a resource made for this: notes with a text. */
class RequestChecksTest {
  private static final String NOTE = "/admin/v1/notes/one";

  /** Notes: each has a text, and counts its changes. */
  private static final class Notes implements Resource {
    final AtomicInteger changes = new AtomicInteger();
    private String text = "";

    @Override
    public List<Endpoint> endpoints() {
      String path = "/admin/v1/notes/{note}";
      return List.of(
          Endpoint.get(path, "getNote", _ -> reply()),
          Endpoint.put(path, Role.OPERATE, "putNote", this::put),
          Endpoint.post("/admin/v1/notes", Role.OPERATE, "addNote", this::put));
    }

    private synchronized dev.moonboot.http.Reply reply() {
      return Replies.ok(new Members().text("text", text).json(), ETag.revision(changes.get()));
    }

    private synchronized dev.moonboot.http.Reply put(Call call) {
      Fields fields = call.fields();
      String wanted = fields.text("text", 64);
      fields.optionalInstant("expires");
      fields.flag("loud", false);
      fields.texts("tags");
      fields.object("owner").ifPresent(owner -> owner.text("name", 16));
      fields.end();
      call.precondition().require(ETag.revision(changes.get()));
      text = wanted;
      changes.incrementAndGet();
      return reply();
    }
  }

  @TempDir private Path folder;
  private final Notes notes = new Notes();
  private AdminFixture admin;

  @BeforeEach
  void start() throws IOException {
    admin = AdminFixture.withTokens(folder, notes);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        arguments("{\"text\": \"" + "x".repeat(65 * 1024) + "\"}", 413, ""),
        arguments("[".repeat(70) + "]".repeat(70), 400, ""),
        arguments("{\"text\":\"a\",\"text\":\"b\"}", 400, ""),
        arguments("{\"text\":\"a\",\"txet\":\"b\"}", 422, "/txet"),
        arguments("{\"text\":\"a\",\"a/b~\":1}", 422, "/a~1b~0"),
        arguments("{\"text\":1}", 422, "/text"),
        arguments("{}", 422, "/text"),
        arguments("{\"text\":\"a\",\"expires\":\"tomorrow\"}", 422, "/expires"),
        arguments("{\"text\":\"a\",\"loud\":\"yes\"}", 422, "/loud"),
        arguments("{\"text\":\"a\",\"tags\":[\"x\",1]}", 422, "/tags/1"),
        arguments("{\"text\":\"a\",\"owner\":{}}", 422, "/owner/name"),
        arguments("{\"text\":\"a\",\"owner\":{\"name\":\"x\",\"age\":1}}", 422, "/owner/age"),
        arguments("{\"text\":NaN}", 400, ""),
        arguments("\uFEFF{\"text\":\"a\"}", 400, ""),
        arguments("{\"text\":\"a\"} {}", 400, ""),
        arguments("{\"text\":\"a\"", 400, ""),
        arguments("[]", 422, ""));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void a_07_a_body_that_will_not_do_changes_nothing_and_its_fault_is_named(
      String body, int status, String pointer) throws IOException {
    RawClient.Answer answer = admin.send(OPERATOR, "PUT", NOTE, body);
    assertEquals(status, answer.status(), answer.text());
    assertEquals("application/problem+json", answer.header("Content-Type"));
    if (!pointer.isEmpty()) {
      Json.Obj error = (Json.Obj) json(answer).array("errors").orElseThrow().getFirst();
      assertEquals(pointer, error.text("pointer").orElseThrow());
    }
    assertEquals(0, notes.changes.get());
  }

  @Test
  void a_07_bytes_that_are_no_text_are_refused() throws IOException {
    try (RawClient client = RawClient.connect(admin.address())) {
      client.request(
          "PUT",
          NOTE,
          "Authorization: Bearer " + OPERATOR,
          "Content-Type: application/json",
          "Content-Length: 3");
      client.send("\u00ff\u00fe\u00fd");
      assertEquals(400, client.read("PUT").status());
    }
  }

  @Test
  void a_07_a_body_in_chunks_is_limited_like_any_other() throws IOException {
    String[] head = {
      "Authorization: Bearer " + OPERATOR,
      "Content-Type: application/json",
      "Transfer-Encoding: chunked"
    };
    try (RawClient client = RawClient.connect(admin.address())) {
      client.request("PUT", NOTE, head);
      client.send("5\r\n{\"tex\r\n8\r\nt\":\"hi\"}\r\n0\r\n\r\n");
      assertEquals(200, client.read("PUT").status());
    }
    try (RawClient client = RawClient.connect(admin.address())) {
      client.request("PUT", NOTE, head);
      for (int i = 0; i < 17; i++) {
        client.send("1000\r\n" + " ".repeat(4096) + "\r\n");
      }
      assertEquals(413, client.read("PUT").status());
    }
    assertEquals(1, notes.changes.get());
  }

  @Test
  void a_body_has_to_be_said_to_be_json() throws IOException {
    try (RawClient client = RawClient.connect(admin.address())) {
      client.request(
          "PUT",
          NOTE,
          "Authorization: Bearer " + OPERATOR,
          "Content-Type: text/plain",
          "Content-Length: 2");
      client.send("{}");
      assertEquals(415, client.read("PUT").status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2f..%2fx",
        "%2e%2e",
        ".",
        "..",
        "a%00b",
        "a%2fb",
        "A",
        "-a",
        "%D0%B0",
        "a b%20c",
        "a;b",
        ""
      })
  void a_08_what_is_no_id_is_refused(String id) throws IOException {
    String path = "/admin/v1/notes/" + id.replace(" ", "%20");
    RawClient.Answer answer = admin.send(ADMIN, "PUT", path, "{\"text\":\"a\"}");
    assertEquals(400, answer.status(), answer.text());
    assertEquals(0, notes.changes.get());
  }

  @Test
  void a_08_an_id_has_63_characters_and_a_device_of_other_systems_is_just_a_name()
      throws IOException {
    String body = "{\"text\":\"a\"}";
    String path = "/admin/v1/notes/";
    assertEquals(200, admin.send(ADMIN, "PUT", path + "x".repeat(63), body).status());
    assertEquals(400, admin.send(ADMIN, "PUT", path + "x".repeat(64), body).status());
    assertEquals(400, admin.send(ADMIN, "PUT", path + "x".repeat(300), body).status());
    assertEquals(200, admin.send(ADMIN, "PUT", path + "con", body).status());
    assertEquals(404, admin.send(ADMIN, "PUT", path + "a/b", body).status());
  }

  @Test
  void a_12_of_two_changes_to_one_version_one_is_made() throws IOException {
    String version = admin.as(OPERATOR, "GET", NOTE).header("ETag");
    String condition = "If-Match: " + version;
    assertEquals(200, admin.send(OPERATOR, "PUT", NOTE, "{\"text\":\"a\"}", condition).status());
    RawClient.Answer second = admin.send(OPERATOR, "PUT", NOTE, "{\"text\":\"b\"}", condition);
    assertEquals("412 \"r1\"", second.status() + " " + second.header("ETag"));
    assertEquals(1, notes.changes.get());
    assertEquals(304, admin.as(OPERATOR, "GET", NOTE, "If-None-Match: \"r1\"").status());
  }

  @Test
  void a_13_the_same_change_with_one_key_is_made_once() throws IOException {
    String key = "Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"";
    try (RawClient cut = RawClient.connect(admin.address())) {
      cut.request(
          "POST",
          "/admin/v1/notes",
          "Authorization: Bearer " + OPERATOR,
          "Content-Type: application/json",
          "Content-Length: 12",
          key);
      cut.send("{\"text\":\"a\"}");
    } // and the answer is lost
    RawClient.Answer again =
        admin.send(OPERATOR, "POST", "/admin/v1/notes", "{\"text\":\"a\"}", key);
    RawClient.Answer third =
        admin.send(OPERATOR, "POST", "/admin/v1/notes", "{\"text\":\"a\"}", key);
    assertEquals("200 true", third.status() + " " + third.header("Idempotency-Replayed"));
    assertEquals(again.text(), third.text());
    assertEquals(1, notes.changes.get());
    RawClient.Answer other =
        admin.send(OPERATOR, "POST", "/admin/v1/notes", "{\"text\":\"b\"}", key);
    assertEquals(422, other.status());
    assertEquals("urn:moonboot:problem:key-reused", json(other).text("type").orElseThrow());
    RawClient.Answer stranger =
        admin.send(ADMIN, "POST", "/admin/v1/notes", "{\"text\":\"b\"}", key);
    assertEquals(200, stranger.status());
    assertEquals(2, notes.changes.get());
  }

  @Test
  void a_16_what_a_client_sends_stays_one_line_of_the_log_and_one_record() throws IOException {
    String evil = "a\\r\\nb\\u001b[31m\\u202e";
    RawClient.Answer answer =
        admin.send(OPERATOR, "PUT", NOTE, "{\"text\":\"a\",\"reason\":\"" + evil + "\"}");
    assertEquals(422, answer.status()); // notes know no reason
    String recorded = admin.audit.events.getFirst().reason();
    assertEquals("a\r\nb\u001b[31m\u202e", recorded); // the log escapes what it writes
    assertEquals(
        "change reason=\"a\\u000d\\u000ab\\u001b[31m\\u202e\"",
        dev.moonboot.http.EventLog.line("change", 0, "reason", recorded));
  }

  @Test
  void an_unknown_query_parameter_is_refused() throws IOException {
    assertEquals(400, admin.as(OPERATOR, "GET", NOTE + "?x=1").status());
    assertEquals(
        400,
        admin.as(OPERATOR, "POST", "/admin/v1/channels/custom/refresh?wait=1s&wait=2s").status());
    assertEquals(
        400, admin.as(OPERATOR, "POST", "/admin/v1/channels/custom/refresh?wait=1h").status());
  }

  @Test
  void a_change_that_is_refused_gets_a_second_record() throws IOException {
    admin.send(OPERATOR, "PUT", NOTE, "{}");
    assertEquals(List.of("admin.request ok ops", "admin.request refused ops"), admin.audit.lines());
    assertEquals(Map.of("note", "one"), admin.audit.events.getLast().target());
    assertTrue(admin.audit.events.getLast().reason().contains("/text must be there"));
  }
}
