package dev.moonboot.admin;

import static dev.moonboot.admin.AdminFixture.OPERATOR;
import static dev.moonboot.admin.AdminFixture.READER;
import static dev.moonboot.admin.AdminFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Refresh;
import dev.moonboot.http.RawClient;
import dev.moonboot.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTest {
  private static final String REFRESH = "/admin/v1/channels/custom/refresh";

  @TempDir private Path folder;
  private final CountDownLatch registry = new CountDownLatch(1);
  private AdminFixture admin;

  @BeforeEach
  void start() throws IOException {
    admin = AdminFixture.withTokens(folder);
    admin.registry = this::slowly;
  }

  private Refresh slowly() {
    try {
      registry.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Refresh.Failed(Refresh.Trouble.UNREACHABLE, "connection refused", null);
  }

  @AfterEach
  void stop() {
    registry.countDown();
    admin.close();
  }

  @Test
  void a_refresh_is_a_job_that_can_be_asked_for() throws IOException {
    RawClient.Answer begun = admin.as(OPERATOR, "POST", REFRESH);
    assertEquals(202, begun.status());
    String job = begun.header("Location");
    assertEquals(Optional.of("running"), json(begun).text("state"));
    assertEquals(Optional.of("ops"), json(begun).text("by"));
    assertEquals(202, admin.as(OPERATOR, "POST", REFRESH + "?wait=0s").status());
    registry.countDown();
    Json.Obj ended = json(admin.as(READER, "GET", job + "?wait=60s"));
    assertEquals(Optional.of("done"), ended.text("state"));
    assertEquals(
        Optional.of("connection refused"), ended.object("result").orElseThrow().text("reason"));
    List<Json> all = json(admin.as(READER, "GET", "/admin/v1/jobs")).array("jobs").orElseThrow();
    assertEquals(2, all.size());
    assertEquals(404, admin.as(READER, "GET", "/admin/v1/jobs/0123456789abcdef").status());
  }

  @Test
  void a_job_tells_of_itself_until_it_has_ended() throws IOException {
    String job = admin.as(OPERATOR, "POST", REFRESH).header("Location");
    try (RawClient client = RawClient.connect(admin.address())) {
      client.request("GET", job + "/events", "Authorization: Bearer " + READER);
      var lines =
          new BufferedReader(new InputStreamReader(client.stream(), StandardCharsets.UTF_8));
      List<String> head = until(lines, "");
      assertTrue(head.contains("Content-Type: text/event-stream"), head.toString());
      assertTrue(head.contains("Connection: close"), head.toString());
      assertEquals("event: progress", lines.readLine());
      assertTrue(lines.readLine().contains("\"state\":\"running\""));
      registry.countDown();
      List<String> rest = lines.lines().toList();
      assertTrue(rest.contains("event: ended"), rest.toString());
      assertTrue(rest.get(rest.size() - 2).contains("\"state\":\"done\""), rest.toString());
    }
  }

  private static List<String> until(BufferedReader in, String last) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = in.readLine(); line != null && !line.equals(last); line = in.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  @Test
  void so_many_watch_and_no_more_and_closing_ends_them() throws IOException {
    String events = admin.as(OPERATOR, "POST", REFRESH).header("Location") + "/events";
    List<RawClient> watching = new ArrayList<>();
    try {
      for (int i = 0; i < JobStreams.MOST; i++) {
        RawClient client = RawClient.connect(admin.address());
        watching.add(client);
        client.request("GET", events, "Authorization: Bearer " + READER);
        assertEquals('H', client.stream().read());
      }
      assertEquals(503, admin.as(READER, "GET", events).status());
      registry.countDown();
      for (RawClient client : watching) {
        assertTrue(client.rest().contains("event: ended"));
      }
    } finally {
      for (RawClient client : watching) {
        client.close();
      }
    }
  }
}
