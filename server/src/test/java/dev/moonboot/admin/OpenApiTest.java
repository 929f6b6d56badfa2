package dev.moonboot.admin;

import static dev.moonboot.admin.AdminFixture.ADMIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.http.RawClient;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document against the table of endpoints, and against real answers. */
class OpenApiTest {
  private static final Json.Obj DOCUMENT = OpenApi.document();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  @TempDir private Path folder;

  @Test
  void it_describes_every_endpoint_and_no_other() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      Set<String> table =
          admin.api().endpoints().stream()
              .map(OpenApiTest::line)
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(String.join("\n", table), String.join("\n", described()));
    }
  }

  /** {@code GET /path role operationId [query parameters]}. */
  private static String line(Endpoint endpoint) {
    Role role = endpoint.role();
    return "%s %s %s %s %s"
        .formatted(
            endpoint.method(),
            endpoint.path(),
            role == null ? "nobody" : role.text(),
            endpoint.operation(),
            new TreeSet<>(endpoint.query()));
  }

  private static Set<String> described() {
    Set<String> lines = new TreeSet<>();
    DOCUMENT
        .object("paths")
        .orElseThrow()
        .members()
        .forEach((path, item) ->
            ((Json.Obj) item)
                .members()
                .forEach(
                    (method, operation) -> lines.add(line(path, method, (Json.Obj) operation))));
    return lines;
  }

  private static String line(String path, String method, Json.Obj operation) {
    Set<String> query = new TreeSet<>();
    for (Json parameter : operation.array("parameters").orElse(List.of())) {
      Json.Obj resolved = resolve((Json.Obj) parameter);
      if (resolved.text("in").orElseThrow().equals("query")) {
        query.add(resolved.text("name").orElseThrow());
      }
    }
    return "%s %s %s %s %s"
        .formatted(
            method.toUpperCase(java.util.Locale.ROOT),
            path,
            operation.text("x-moonboot-role").orElse("nobody"),
            operation.text("operationId").orElseThrow(),
            query);
  }

  private static Json.Obj resolve(Json.Obj referring) {
    Json.Obj found = referring;
    if (referring.text("$ref").isPresent()) {
      found = DOCUMENT;
      for (String name : referring.text("$ref").orElseThrow().substring(2).split("/", -1)) {
        found = found.object(name).orElseThrow();
      }
    }
    return found;
  }

  @Test
  void every_reference_leads_somewhere() {
    List<String> broken = new ArrayList<>();
    java.util.regex.Pattern.compile("\"#/components/(\\w+)/(\\w+)\"")
        .matcher(DOCUMENT.compact())
        .results()
        .filter(reference ->
            DOCUMENT
                .object("components")
                .flatMap(all -> all.object(reference.group(1)))
                .flatMap(all -> all.object(reference.group(2)))
                .isEmpty())
        .forEach(reference -> broken.add(reference.group()));
    assertEquals(List.of(), broken);
  }

  @Test
  void real_answers_are_as_it_says() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      String channel = "/admin/v1/channels/custom";
      check(admin, "GET", "/livez", "/livez", 200);
      check(admin, "GET", "/readyz", "/readyz", 503);
      check(admin, "GET", "/admin/v1/status", "/admin/v1/status", 200);
      check(admin, "GET", "/admin/v1/openapi.json", "/admin/v1/openapi.json", 200);
      check(admin, "GET", "/admin/v1/channels", "/admin/v1/channels", 200);
      check(admin, "GET", "/admin/v1/channels/{channel}", channel, 200);
      check(admin, "GET", "/admin/v1/channels/{channel}", "/admin/v1/channels/nope", 404);
      String refresh = "/admin/v1/channels/{channel}/refresh";
      check(admin, "POST", refresh, channel + "/refresh?wait=60s", 200);
      String hold = "/admin/v1/channels/{channel}/hold";
      check(admin, "POST", hold, channel + "/hold", 200);
      check(admin, "POST", "/admin/v1/channels/{channel}/follow", channel + "/follow", 200);
      CountDownLatch asked = new CountDownLatch(1);
      admin.registry = () -> after(asked);
      RawClient.Answer begun = check(admin, "POST", refresh, channel + "/refresh?wait=0s", 202);
      asked.countDown();
      check(admin, "GET", "/admin/v1/jobs/{job}", begun.header("Location") + "?wait=60s", 200);
      check(admin, "GET", "/admin/v1/jobs", "/admin/v1/jobs", 200);
      check(admin, "POST", "/admin/v1/gc", "/admin/v1/gc?dryRun", 200);
      check(admin, "POST", "/admin/v1/gc", "/admin/v1/gc?wait=60s", 200);
      check(admin, "POST", "/admin/v1/scrub", "/admin/v1/scrub?wait=60s", 200);
      check(admin, "GET", "/admin/v1/audit", "/admin/v1/audit?event=pin&limit=5", 200);
      check(admin, "GET", "/admin/v1/audit", "/admin/v1/audit?limit=0", 400);
      check(admin, "GET", "/admin/v1/boots", "/admin/v1/boots?result=loading", 200);
      check(admin, "GET", "/admin/v1/boots/{boot}", "/admin/v1/boots/1", 200);
      check(admin, "GET", "/admin/v1/boots/{boot}", "/admin/v1/boots/99", 404);
      check(admin, "GET", "/admin/v1/nodes", "/admin/v1/nodes?limit=5", 200);
    }
  }

  private static Refresh after(CountDownLatch asked) {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Refresh.Rejected(Digest.of(new byte[0]), Refresh.Grounds.SIGNATURE, "unsigned");
  }

  /** Asks, and compares what comes with the document. */
  static RawClient.Answer check(
      AdminFixture admin, String method, String path, String target, int status)
      throws IOException {
    RawClient.Answer answer = admin.as(ADMIN, method, target);
    assertEquals(status, answer.status(), method + " " + target + ": " + answer.text());
    Json.Obj operation =
        DOCUMENT
            .object("paths")
            .flatMap(all -> all.object(path))
            .flatMap(item -> item.object(method.toLowerCase(java.util.Locale.ROOT)))
            .orElseThrow();
    Json.Obj responses = operation.object("responses").orElseThrow();
    Json.Obj response =
        resolve(
            responses
                .object(String.valueOf(status))
                .orElseGet(() -> responses.object("default").orElseThrow()));
    Json.Obj schema =
        response
            .object("content")
            .flatMap(content -> content.object(answer.header("Content-Type")))
            .flatMap(content -> content.object("schema"))
            .orElseThrow();
    assertEquals(Set.of(), complaints(schema, answer.text()), method + " " + target);
    return answer;
  }

  private static Set<String> complaints(Json.Obj schema, String answer) {
    Map<String, Json> whole = new LinkedHashMap<>(schema.members());
    whole.put("components", DOCUMENT.object("components").orElseThrow());
    JsonSchema compiled = SCHEMAS.getSchema(new Json.Obj(whole).compact());
    return compiled.validate(answer, InputFormat.JSON).stream()
        .map(Object::toString)
        .collect(Collectors.toSet());
  }

  @Test
  void it_is_served_whole() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      RawClient.Answer answer = admin.as(ADMIN, "GET", "/admin/v1/openapi.json");
      assertEquals(DOCUMENT.pretty(), answer.text());
      assertTrue(answer.text().contains("\"openapi\": \"3.1.0\""));
    }
  }
}
