package dev.moonboot.admin;

import static dev.moonboot.admin.AdminFixture.OPERATOR;
import static dev.moonboot.admin.AdminFixture.READER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.http.RawClient;
import dev.moonboot.json.Json;
import dev.moonboot.secret.DeviceBoot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device flow from the node's request to the machine config, with an admin in between. */
class DeviceRoutesTest {
  private static final String ALL = "/admin/v1/devices";

  @TempDir private Path folder;
  @TempDir private Path data;

  @Test
  void i_12_an_admin_approves_what_a_node_shows_and_the_node_reads_once() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data);
        AdminFixture admin = AdminFixture.withTokens(folder, boot.devices())) {
      Json.Obj asked = boot.ask();
      String code = asked.text("user_code").orElseThrow();
      RawClient.Answer list = OpenApiTest.check(admin, "GET", ALL, ALL, 200);
      assertTrue(list.text().contains("\"userCode\": \"" + code + "\""), list.text());
      assertTrue(list.text().contains("\"state\": \"pending\""), list.text());
      assertTrue(list.text().contains("\"node\": \"" + DeviceBoot.MAC + "\""), list.text());
      RawClient.Answer approved =
          OpenApiTest.check(
              admin, "POST", ALL + "/{userCode}/approve", ALL + "/" + code + "/approve", 200);
      assertEquals("approved", AdminFixture.json(approved).text("state").orElseThrow());
      String token = boot.token(asked.text("device_code").orElseThrow());
      assertTrue(boot.config(token).endsWith(DeviceBoot.SECRET));
      assertEquals(boot.get("/no/such/path"), boot.config(token));
      String used = admin.as(OPERATOR, "GET", ALL).text();
      assertTrue(used.contains("\"state\": \"used\""), used);
    }
  }

  @Test
  void i_12_readers_see_no_user_codes_and_approve_nothing() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data);
        AdminFixture admin = AdminFixture.withTokens(folder, boot.devices())) {
      String code = boot.ask().text("user_code").orElseThrow();
      assertEquals(403, admin.as(READER, "GET", ALL).status());
      assertEquals(403, admin.as(READER, "POST", ALL + "/" + code + "/approve").status());
      assertEquals(401, admin.ask("GET", ALL).status());
      RawClient.Answer denied =
          admin.send(OPERATOR, "POST", ALL + "/" + code + "/deny", "{\"reason\":\"not ours\"}");
      assertEquals("denied", AdminFixture.json(denied).text("state").orElseThrow());
      assertEquals(404, admin.as(OPERATOR, "POST", ALL + "/" + code + "/approve").status());
    }
  }

  @Test
  void i_12_after_five_wrong_codes_a_caller_waits_even_with_a_right_one() throws IOException {
    try (DeviceBoot boot = DeviceBoot.start(data);
        AdminFixture admin = AdminFixture.withTokens(folder, boot.devices())) {
      String right = ALL + "/" + boot.ask().text("user_code").orElseThrow() + "/approve";
      String wrong = ALL + "/AAAA-AAAA/approve";
      for (int i = 0; i < WrongCodes.MOST; i++) {
        assertEquals(404, admin.as(OPERATOR, "POST", wrong).status());
      }
      RawClient.Answer refused = admin.as(OPERATOR, "POST", right);
      assertEquals(429, refused.status());
      assertTrue(Integer.parseInt(refused.header("Retry-After")) <= 60);
      admin.skip(Duration.ofMinutes(1));
      assertEquals(200, admin.as(OPERATOR, "POST", right).status());
      assertEquals(400, admin.as(OPERATOR, "POST", ALL + "/nonsensical/approve").status());
    }
  }
}
