package dev.moonboot.admin;

import static dev.moonboot.admin.AdminFixture.OPERATOR;
import static dev.moonboot.admin.AdminFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.http.RawClient;
import dev.moonboot.json.Json;
import dev.moonboot.release.SampleReleases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiTest {
  private static final String REFRESH = "/admin/v1/channels/custom/refresh?wait=60s";

  @TempDir private Path folder;
  private AdminFixture admin;

  @BeforeEach
  void start() throws IOException {
    admin = AdminFixture.withTokens(folder);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private RawClient.Answer ask(String method, String target, String... headers) throws IOException {
    return admin.as(OPERATOR, method, target, headers);
  }

  @Test
  void channels_are_listed_with_their_state() throws IOException {
    ask("POST", REFRESH);
    RawClient.Answer answer = ask("GET", "/admin/v1/channels");
    assertEquals("200 application/json", answer.status() + " " + answer.header("Content-Type"));
    Json.Obj channel = (Json.Obj) json(answer).array("channels").orElseThrow().getFirst();
    assertEquals(Optional.of("custom"), channel.text("name"));
    assertEquals(Optional.of("127.0.0.1:5000/talos:demo"), channel.text("image"));
    assertEquals(Optional.of("stale"), channel.text("state"));
    assertEquals(Optional.of("connection refused"), channel.text("reason"));
    assertEquals(Optional.empty(), channel.text("release"));
  }

  @Test
  void s_02_a_release_that_is_let_in_with_a_warning_is_told_by_its_channel_and_the_status()
      throws IOException {
    Release head = new SampleReleases(folder).release("head", Arch.ARM64);
    admin.registry =
        () -> new Refresh.Updated(SampleReleases.unsigned(head, "it has no signature"), null, 1);
    ask("POST", REFRESH);
    Json.Obj all = json(ask("GET", "/admin/v1/channels"));
    Json.Obj listed = (Json.Obj) all.array("channels").orElseThrow().getFirst();
    assertEquals(Optional.of("it has no signature"), listed.text("warning"));
    Json.Obj one = json(ask("GET", "/admin/v1/channels/custom"));
    assertEquals(Optional.of("it has no signature"), one.text("warning"));
    assertEquals(
        "[\"channel custom: it has no signature\"]",
        json(ask("GET", "/admin/v1/status")).member("troubles").orElseThrow().compact());
  }

  @Test
  void a_refresh_that_is_waited_for_tells_its_outcome() throws IOException {
    RawClient.Answer answer = ask("POST", REFRESH);
    assertEquals(200, answer.status());
    assertEquals(
        """
        {
          "channel": "custom",
          "outcome": "failed",
          "trouble": "unreachable",
          "reason": "connection refused",
          "retryAfterSeconds": null
        }
        """,
        answer.text());
  }

  @Test
  void a_channel_is_held_with_the_reason_until_it_is_followed_again() throws IOException {
    String channel = "/admin/v1/channels/custom";
    String body = "{\"reason\":\"release freeze\"}";
    Json.Obj held = json(admin.send(OPERATOR, "POST", channel + "/hold", body));
    assertEquals(Optional.of("held"), held.text("state"));
    Json.Obj hold = json(ask("GET", channel)).object("hold").orElseThrow();
    assertEquals(
        Optional.of("release freeze by ops"),
        hold.text("reason").flatMap(reason -> hold.text("by").map(by -> reason + " by " + by)));
    assertEquals("release freeze", admin.audit.events.getFirst().reason());
    assertEquals(Optional.empty(), json(ask("POST", channel + "/follow")).object("hold"));
  }

  @Test
  void an_unknown_channel_is_a_problem_with_an_id() throws IOException {
    RawClient.Answer answer = ask("POST", "/admin/v1/channels/nope/refresh");
    assertEquals(
        "404 application/problem+json", answer.status() + " " + answer.header("Content-Type"));
    assertEquals(Optional.of("urn:moonboot:problem:not-found"), json(answer).text("type"));
    assertEquals(
        Optional.of("urn:moonboot:request:" + answer.header("X-Request-Id")),
        json(answer).text("instance"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/admin/v1/channels", "/metrics", "/livez", "/readyz"})
  void what_is_read_is_read_only_and_head_works(String target) throws IOException {
    RawClient.Answer post = ask("POST", target);
    assertEquals("405 GET, HEAD", post.status() + " " + post.header("Allow"));
    assertTrue(Integer.parseInt(ask("HEAD", target).header("Content-Length")) > 0);
  }

  @Test
  void a_refresh_is_not_a_get() throws IOException {
    RawClient.Answer answer = ask("GET", "/admin/v1/channels/custom/refresh");
    assertEquals("405 POST", answer.status() + " " + answer.header("Allow"));
  }

  @Test
  void health_names_the_part_that_is_not_well_and_asks_for_no_token() throws IOException {
    RawClient.Answer ready = admin.ask("GET", "/readyz");
    assertEquals(503, ready.status());
    assertEquals(
        """
        {
          "ok": false,
          "checks": [
            {
              "part": "channel custom",
              "ok": false,
              "detail": "no release yet"
            }
          ]
        }
        """,
        ready.text());
    assertEquals(200, admin.ask("GET", "/livez").status());
  }

  @Test
  void metrics_are_in_prometheus_text() throws IOException {
    admin.meters.boot("talos", "plan");
    RawClient.Answer answer = ask("GET", "/metrics");
    assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.header("Content-Type"));
    assertTrue(answer.text().contains("moonboot_boots_total{profile=\"talos\",result=\"plan\"} 1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8090", "127.0.0.1.evil.example", "[::2]"})
  void a_foreign_host_is_refused(String host) throws IOException {
    try (RawClient client = RawClient.connect(admin.address())) {
      client.send("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertEquals(403, client.read("GET").status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:8090", "127.0.0.1:1", "[::1]:8090"})
  void this_machine_is_let_in_by_any_of_its_names(String host) throws IOException {
    try (RawClient client = RawClient.connect(admin.address())) {
      client.send("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertEquals(200, client.read("GET").status());
    }
  }

  @Test
  void a_web_page_cannot_call() throws IOException {
    for (String origin : List.of("https://evil.example", "null", "http://localhost")) {
      RawClient.Answer answer = ask("POST", REFRESH, "Origin: " + origin);
      assertEquals(403, answer.status());
      assertFalse(answer.has("Access-Control-Allow-Origin"));
    }
  }

  @Test
  void every_answer_is_protected() throws IOException {
    for (String target : List.of("/livez", "/nope", "/admin/v1/channels")) {
      RawClient.Answer answer = admin.ask("GET", target);
      Map<String, String> expected =
          Map.of(
              "Cache-Control", "no-store",
              "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
              "Cross-Origin-Resource-Policy", "same-origin",
              "Referrer-Policy", "no-referrer",
              "X-Content-Type-Options", "nosniff");
      expected.forEach((name, value) -> assertEquals(value, answer.header(name)));
    }
  }

  @Test
  void a_17_boot_paths_are_not_on_the_admin_listener() throws IOException {
    for (String path : List.of("/", "/boot.ipxe", "/ipxe", "/grub", "/assets/talos/custom/x")) {
      assertEquals(404, ask("GET", path).status(), path);
    }
  }

  @Test
  void a_18_metrics_are_for_known_callers_and_hold_nothing_that_clients_sent() throws IOException {
    assertEquals(401, admin.ask("GET", "/metrics").status());
    ask("GET", "/admin/v1/channels/evil-id-from-a-client");
    assertFalse(ask("GET", "/metrics").text().contains("evil-id"));
  }
}
