package dev.moonboot.admin;

import static dev.moonboot.admin.AdminFixture.ADMIN;
import static dev.moonboot.admin.AdminFixture.OPERATOR;
import static dev.moonboot.admin.AdminFixture.READER;
import static dev.moonboot.admin.AdminFixture.TOKENS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.http.RawClient;
import dev.moonboot.journal.AuditEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may call what, asked of the running listener. */
class AccessTest {
  private static final String CHANNELS = "/admin/v1/channels";
  private static final String REFRESH = CHANNELS + "/custom/refresh?wait=60s";

  @TempDir private Path folder;

  @Test
  void a_01_whatever_is_wrong_with_a_token_the_answer_is_the_same() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      List<String> wrong =
          List.of(
              "X-Nothing: at all",
              "Authorization: Bearer",
              "Authorization: Bearer ",
              "Authorization: Bearer wrong-0123456789abcdef0123456789abcdef",
              "Authorization: Bearer " + ADMIN.substring(0, ADMIN.length() - 1),
              "Authorization: Bearer " + ADMIN + "x",
              "Authorization: Basic " + ADMIN,
              "Authorization: Bearer " + "x".repeat(14 * 1024));
      for (String header : wrong) {
        RawClient.Answer answer = admin.ask("GET", CHANNELS, header);
        assertEquals(
            """
            {
              "type": "urn:moonboot:problem:unauthenticated",
              "title": "A valid token is needed",
              "status": 401,
              "detail": "send a token of the file that admin.tokens names: Authorization: Bearer TOKEN"
            }
            """,
            answer.text());
        Map<String, String> headers = new TreeMap<>(answer.headers());
        headers.remove("date");
        headers.remove("x-request-id");
        assertEquals(
            Map.of(
                "cache-control", "no-store",
                "content-length", "201",
                "content-security-policy", "default-src 'none'; frame-ancestors 'none'",
                "content-type", "application/problem+json",
                "cross-origin-resource-policy", "same-origin",
                "referrer-policy", "no-referrer",
                "www-authenticate", "Bearer",
                "x-content-type-options", "nosniff"),
            headers);
      }
    }
  }

  /** A head of more than 20 KiB is refused before anybody looks for a token in it. */
  @Test
  void a_01_a_token_of_a_mebibyte_is_refused_unread() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder);
        RawClient client = RawClient.connect(admin.address())) {
      try {
        client.request("GET", CHANNELS, "Authorization: Bearer " + "x".repeat(1 << 20));
      } catch (java.net.SocketException e) {
        // closed while we still send
      }
      String answer = client.rest();
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
      assertEquals(200, admin.as(READER, "GET", CHANNELS).status());
    }
  }

  @Test
  void a_03_wrong_tokens_are_held_up_and_right_ones_are_not() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      for (int i = 1; i <= 50; i++) {
        RawClient.Answer answer = admin.as("wrong-" + i, "GET", CHANNELS);
        assertEquals(i <= 10 ? 401 : 429, answer.status());
        if (i > 10) {
          int wait = Integer.parseInt(answer.header("Retry-After"));
          assertTrue(wait >= 1 && wait <= 60, "Retry-After: " + wait);
        }
      }
      assertEquals(200, admin.as(READER, "GET", CHANNELS).status());
      assertEquals(429, admin.as("wrong", "GET", CHANNELS).status());
      admin.skip(Duration.ofMinutes(1));
      assertEquals(401, admin.as("wrong", "GET", CHANNELS).status());
      assertEquals(12, admin.audit.events.size()); // ten, the first too many, and the new one
    }
  }

  @Test
  void a_03_only_so_many_addresses_are_remembered() {
    FailedAttempts attempts = new FailedAttempts(() -> 0);
    for (int i = 0; i < 20_000; i++) {
      attempts.failed("10.0." + i / 256 + "." + i % 256);
    }
    assertEquals(4096, attempts.addresses());
  }

  @Test
  void a_05_a_new_file_is_in_force_at_once() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      String next = "next-0123456789abcdef0123456789abcdef";
      assertEquals(200, admin.as(OPERATOR, "GET", CHANNELS).status());
      AdminFixture.write(folder.resolve("tokens"), TOKENS.replace(OPERATOR, next));
      assertEquals(200, admin.as(next, "GET", CHANNELS).status());
      assertEquals(401, admin.as(OPERATOR, "GET", CHANNELS).status());
    }
  }

  @Test
  void a_05_an_old_token_does_for_the_overlap() throws IOException {
    Path file = folder.resolve("tokens");
    AdminFixture.write(file, TOKENS);
    var access = new AccessConfig(List.of(), file, null, Duration.ofMinutes(5));
    try (AdminFixture admin = new AdminFixture(folder, access)) {
      String next = "next-0123456789abcdef0123456789abcdef";
      AdminFixture.write(file, TOKENS.replace(OPERATOR, next));
      assertEquals(200, admin.as(next, "POST", REFRESH).status());
      assertEquals(200, admin.as(OPERATOR, "POST", REFRESH).status());
      admin.skip(Duration.ofMinutes(6));
      assertEquals(401, admin.as(OPERATOR, "POST", REFRESH).status());
    }
  }

  @Test
  void a_05_a_file_that_cannot_be_used_leaves_the_old_tokens() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      AdminFixture.write(folder.resolve("tokens"), "ops operate short\n");
      assertEquals(200, admin.as(OPERATOR, "GET", CHANNELS).status());
      java.nio.file.Files.delete(folder.resolve("tokens"));
      assertEquals(200, admin.as(OPERATOR, "GET", CHANNELS).status());
    }
  }

  @Test
  void a_06_a_reader_cannot_change_anything_and_it_is_written_down() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      RawClient.Answer answer = admin.as(READER, "POST", REFRESH);
      assertEquals(403, answer.status());
      AuditEvent event = admin.audit.events.getFirst();
      assertEquals("auth.forbidden refused monitoring", admin.audit.lines().getFirst());
      assertEquals("refreshChannel", event.details().get("operation"));
      assertEquals(answer.header("X-Request-Id"), event.details().get("request"));
      assertTrue(event.actor().source().matches("127\\.0\\.0\\.1:\\d+ admin"), event.toString());
    }
  }

  @Test
  void a_06_to_let_a_channel_go_back_is_for_admins() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      String follow = CHANNELS + "/custom/follow";
      String body = "{\"accept\":\"sha256:" + "a".repeat(64) + "\"}";
      assertEquals(403, admin.send(OPERATOR, "POST", follow, body).status());
      assertTrue(admin.audit.lines().contains("auth.forbidden refused ops"));
      assertEquals(200, admin.send(ADMIN, "POST", follow, body).status());
      assertEquals(200, admin.as(OPERATOR, "POST", follow).status());
    }
  }

  @Test
  void a_15_every_change_is_written_down_before_it_is_made() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      RawClient.Answer answer =
          admin.as(OPERATOR, "POST", REFRESH, "Idempotency-Key: \"change 1\"");
      assertEquals(200, answer.status());
      assertEquals(List.of("admin.request ok ops"), admin.audit.lines());
      AuditEvent event = admin.audit.events.getFirst();
      assertEquals(Map.of("channel", "custom"), event.target());
      assertEquals(
          Map.of(
              "request", answer.header("X-Request-Id"),
              "idempotencyKey", "change 1",
              "operation", "refreshChannel"),
          event.details());
    }
  }

  @Test
  void a_15_each_failed_authentication_is_written_down_without_the_token() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      admin.as("a-wrong-token-that-nobody-may-read", "POST", REFRESH);
      admin.ask("POST", REFRESH);
      assertEquals(List.of("auth.fail refused ", "auth.fail refused "), admin.audit.lines());
      assertFalse(admin.audit.events.toString().contains("a-wrong-token"));
    }
  }

  @Test
  void a_15_what_cannot_be_written_down_is_not_done() throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder)) {
      admin.audit.broken = true;
      RawClient.Answer answer = admin.as(OPERATOR, "POST", REFRESH);
      assertEquals(503, answer.status());
      assertEquals(
          "urn:moonboot:problem:not-audited", AdminFixture.json(answer).text("type").orElseThrow());
      assertEquals("{\n  \"jobs\": [ ]\n}\n", admin.as(OPERATOR, "GET", "/admin/v1/jobs").text());
      assertEquals(401, admin.ask("POST", REFRESH).status());
    }
  }

  @Test
  void without_tokens_everybody_reads_and_nobody_changes() throws IOException {
    try (AdminFixture admin = new AdminFixture(folder, AccessConfig.NONE)) {
      assertEquals(200, admin.ask("GET", CHANNELS).status());
      RawClient.Answer answer = admin.ask("POST", REFRESH);
      assertEquals(401, answer.status());
      assertTrue(answer.text().contains("no tokens are configured"), answer.text());
    }
  }
}
