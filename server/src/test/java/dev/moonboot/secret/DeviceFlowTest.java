package dev.moonboot.secret;

import static dev.moonboot.secret.DeviceBoot.FILE;
import static dev.moonboot.secret.DeviceBoot.MAC;
import static dev.moonboot.secret.DeviceBoot.NODE;
import static dev.moonboot.secret.DeviceBoot.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.Actor;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device flow over the boot listener, as Talos and strangers go through it. */
class DeviceFlowTest {
  private static final Actor SOMEBODY = new Actor(Actor.Type.TOKEN, "ops", "test");

  @TempDir Path data;

  private static String deviceCode(Json.Obj asked) {
    return asked.text("device_code").orElseThrow();
  }

  private static void decide(DeviceBoot boot, Json.Obj asked, boolean approve) {
    String code = asked.text("user_code").orElseThrow();
    assertTrue(boot.devices().decide(code, approve, SOMEBODY, "").isPresent(), code);
  }

  /** A token for the one node. */
  private static String approved(DeviceBoot boot) {
    Json.Obj asked = boot.ask();
    decide(boot, asked, true);
    return boot.token(deviceCode(asked));
  }

  @Test
  void i_12_an_approved_node_reads_its_machine_config_once() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      String unknown = boot.get("/no/such/path");
      assertEquals(unknown, boot.get(FILE));
      Json.Obj asked = boot.ask();
      assertTrue(asked.text("user_code").orElseThrow().matches("[B-DF-HJ-NP-TV-XZ]{4}-[B-Z]{4}"));
      assertEquals(
          "http://127.0.0.1:" + boot.port() + "/device",
          asked.text("verification_uri").orElseThrow());
      assertEquals("authorization_pending", boot.error(deviceCode(asked)));
      decide(boot, asked, true);
      String answer = boot.poll(NODE, deviceCode(asked));
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertTrue(answer.contains("Cache-Control: no-store\r\n"), answer);
      Json.Obj granted = DeviceBoot.json(answer);
      assertEquals("Bearer", granted.text("token_type").orElseThrow());
      String token = granted.text("access_token").orElseThrow();
      String config = boot.get(NODE, FILE + "?mac=AA-BB-CC-DD-EE-01", token);
      assertTrue(config.startsWith("HTTP/1.1 200 "), config);
      assertTrue(config.contains("Cache-Control: no-store\r\n"), config);
      assertTrue(config.endsWith("\r\n\r\n" + SECRET), config);
      assertEquals(unknown, boot.config(token));
      assertEquals("invalid_grant", boot.error(deviceCode(asked)));
      assertEquals(
          List.of(
              "ticket.refuse",
              "device.request",
              "device.approve",
              "device.token",
              "device.use",
              "device.refuse",
              "device.refuse"),
          boot.events());
      assertFalse(boot.audited.toString().contains(token), "the token is told to the node only");
      assertFalse(boot.audited.toString().contains(deviceCode(asked)));
    }
  }

  @Test
  void i_12_who_polls_too_fast_is_told_to_slow_down() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      String code = deviceCode(boot.ask());
      assertEquals("authorization_pending", boot.error(code));
      boot.skip(Duration.ofSeconds(3));
      assertEquals("slow_down", boot.error(code));
      boot.skip(Duration.ofSeconds(5));
      assertEquals("slow_down", boot.error(code), "10 s since the first");
      boot.skip(Duration.ofSeconds(15));
      assertEquals("authorization_pending", boot.error(code));
    }
  }

  /**
   * Go's OAuth client tries HTTP Basic first, then parameters, until one of them brings a token.
   */
  @Test
  void i_12_the_two_polls_that_talos_makes_at_once_count_as_one() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      String code = deviceCode(boot.ask());
      for (int i = 0; i < 5; i++) {
        assertEquals("authorization_pending", boot.error(code));
        assertEquals("authorization_pending", boot.error(code));
        boot.skip(Duration.ofSeconds(5));
      }
      boot.error(code);
      boot.error(code);
      assertEquals("slow_down", boot.error(code), "a third is one too many");
      assertEquals("slow_down", boot.error(code), "its twin hears the same");
    }
  }

  @Test
  void i_12_a_denied_node_is_told_so() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      Json.Obj asked = boot.ask();
      decide(boot, asked, false);
      assertEquals("access_denied", boot.error(deviceCode(asked)));
      String code = asked.text("user_code").orElseThrow();
      assertTrue(boot.devices().decide(code, true, SOMEBODY, "").isEmpty(), "it is decided");
      assertEquals("access_denied", boot.error(deviceCode(asked)));
    }
  }

  @Test
  void i_12_what_nobody_approves_in_time_expires() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      Json.Obj asked = boot.ask();
      boot.skip(DeviceGrants.LIFE);
      assertEquals("expired_token", boot.error(deviceCode(asked)));
      String code = asked.text("user_code").orElseThrow();
      assertTrue(boot.devices().decide(code, true, SOMEBODY, "").isEmpty());
      String token = approved(boot);
      boot.skip(DeviceGrants.LIFE);
      assertEquals(boot.get("/no/such/path"), boot.config(token));
      assertEquals(List.of("an access token expired"), boot.refusals());
    }
  }

  @Test
  void i_12_codes_and_tokens_are_good_for_that_node_and_that_file_only() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      String unknown = boot.get("/no/such/path");
      Json.Obj asked = boot.ask();
      decide(boot, asked, true);
      assertEquals(
          "invalid_grant",
          DeviceBoot.json(boot.poll("127.0.0.2", deviceCode(asked))).text("error").orElseThrow());
      String token = boot.token(deviceCode(asked));
      assertEquals(unknown, boot.get("127.0.0.2", FILE, token));
      assertEquals(unknown, boot.get(NODE, "/assets/machine/other.yaml", token));
      assertEquals(unknown, boot.get(NODE, FILE + "?mac=aa:bb:cc:dd:ee:02", token));
      assertEquals(unknown, boot.get(NODE, FILE, "A".repeat(43)));
      assertEquals(unknown, boot.get(NODE, FILE, "nonsense"));
      boot.boots("none");
      assertEquals(unknown, boot.get(NODE, FILE, token));
      boot.boots("worker");
      assertEquals(
          List.of(
              "a device code issued to another address",
              "an access token issued to another address",
              "an access token for another file",
              "an access token for a node with another mac or uuid",
              "an access token never issued, or long ago",
              "not an access token",
              "the node is given something else by now"),
          boot.refusals());
      String head = boot.ask(NODE, "HEAD", FILE, "Authorization: Bearer " + token + "\r\n");
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      assertTrue(boot.config(token).endsWith(SECRET), "nothing of that has used it up");
    }
  }

  @Test
  void i_12_there_is_nothing_to_approve_for_other_nodes() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      String stranger = boot.post(NODE, "/device/code", "client_id=talos&mac=aa:bb:cc:dd:ee:99");
      assertTrue(stranger.startsWith("HTTP/1.1 400 "), stranger);
      assertTrue(stranger.endsWith("{\"error\":\"unauthorized_client\"}\n"), stranger);
      boot.boots("none");
      String without = boot.post(NODE, "/device/code", "client_id=talos&mac=" + MAC);
      assertTrue(without.endsWith("{\"error\":\"unauthorized_client\"}\n"), without);
      assertEquals(List.of("nothing to approve", "nothing to approve"), boot.refusals());
      assertEquals(List.of(), boot.devices().all());
    }
  }

  @Test
  void i_12_a_fifth_request_of_one_address_ends_its_oldest() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      List<String> codes =
          List.of(
              deviceCode(boot.ask()),
              deviceCode(boot.ask()),
              deviceCode(boot.ask()),
              deviceCode(boot.ask()),
              deviceCode(boot.ask()));
      assertEquals("expired_token", boot.error(codes.get(0)));
      assertEquals("authorization_pending", boot.error(codes.get(1)));
      assertEquals("authorization_pending", boot.error(codes.get(4)));
    }
  }

  @Test
  void i_12_only_forms_are_taken_and_only_small_ones() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      String invalid = "{\"error\":\"invalid_request\"}\n";
      assertTrue(boot.post(NODE, "/device/code", "mac=" + MAC).endsWith(invalid));
      assertTrue(boot.post(NODE, "/token", "device_code=x").endsWith(invalid));
      String other = boot.post(NODE, "/token", "grant_type=password&username=a");
      assertTrue(other.endsWith("{\"error\":\"unsupported_grant_type\"}\n"), other);
      String json =
          boot.send(
              NODE,
              "POST /token HTTP/1.1\r\nHost: b\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 2\r\n\r\n{}");
      assertTrue(json.endsWith(invalid), json);
      String large = boot.post(NODE, "/device/code", "client_id=talos&x=" + "y".repeat(4096));
      assertTrue(large.startsWith("HTTP/1.1 413 "), large);
      String fragment = boot.post(NODE, "/token#x?y", "grant_type=password");
      assertTrue(fragment.endsWith("{\"error\":\"unsupported_grant_type\"}\n"), fragment);
      String cut =
          boot.send(
              NODE,
              "POST http://b/token HTTP/1.0\r\nContent-Length: 9\r\n"
                  + "Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant_typ");
      assertTrue(cut.endsWith(invalid), cut);
      String read = boot.get("/token");
      assertTrue(read.startsWith("HTTP/1.1 405 ") && read.contains("Allow: POST\r\n"), read);
      String page = boot.get("/device");
      assertTrue(page.endsWith("  moonboot admin devices approve CODE\n"), page);
    }
  }

  @Test
  void i_12_a_body_for_anything_else_is_refused_as_ever() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      for (String path : List.of("/device", "/token/", "/token;x", "/%74oken", "/assets/x", "/")) {
        String posted = boot.post(NODE, path, "client_id=talos");
        assertTrue(posted.startsWith("HTTP/1.1 405 ") || posted.startsWith("HTTP/1.1 400 "), path);
        assertEquals(1, posted.split("HTTP/1\\.1 ", -1).length - 1, posted);
      }
      String after =
          boot.send(
              NODE,
              "POST /token HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\na=b"
                  + "GET /livez HTTP/1.1\r\nHost: b\r\n\r\n");
      assertEquals(1, after.split("HTTP/1\\.1 \\d", -1).length - 1, after);
      String smuggled =
          boot.send(
              NODE,
              "POST /token HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n"
                  + "GET /livez HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\nGET /"
                  + "livez HTTP/1.1\r\nHost: b\r\n\r\n");
      assertEquals(2, smuggled.split("HTTP/1\\.1 \\d", -1).length - 1, smuggled);
      assertTrue(smuggled.contains("HTTP/1.1 413 "), smuggled);
    }
  }

  @Test
  void i_12_without_the_access_approval_there_is_no_flow() throws IOException {
    try (DeviceBoot boot = new DeviceBoot(data, DeviceBoot.config(Access.TICKET))) {
      String unknown = boot.get("/no/such/path");
      assertEquals(unknown, boot.get("/device"));
      assertEquals(unknown, boot.get("/device/code"));
      assertEquals(unknown, boot.get("/token"));
      assertEquals(unknown, boot.config("A".repeat(43)));
      String posted = boot.post(NODE, "/device/code", "client_id=talos&mac=" + MAC);
      assertTrue(posted.startsWith("HTTP/1.1 405 "), posted);
      assertTrue(posted.contains("Allow: GET, HEAD\r\n"), posted);
    }
  }

  @Test
  void i_12_the_script_names_the_file_and_brings_no_ticket() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data)) {
      String script = boot.get("/ipxe?mac=" + MAC);
      assertTrue(script.contains("talos.config=http://127.0.0.1:" + boot.port() + FILE), script);
      assertEquals(List.of(), boot.events());
    }
  }
}
