package dev.moonboot.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.http.Body;
import dev.moonboot.http.EventSource;
import dev.moonboot.http.RawClient;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Told;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootStreamsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final BootLog boots = new BootLog();
  private final BootStreams streams = new BootStreams(boots);

  private void told(int node, String profile) {
    boots.told(
        new Told(
            new Boot.Node("52:54:00:00:00:0" + node, "", "", "amd64", "10.0.0." + node),
            new Boot.Answer("g", profile, "", "", ""),
            Told.Form.IPXE,
            List.of(),
            List.of()));
  }

  private EventSource open(BootFilter filter, String lastId) {
    return ((Body.Events) streams.open(filter, 100, lastId).body()).source();
  }

  private static EventSource.Event event(EventSource source) throws InterruptedException {
    return (EventSource.Event) source.next(LONG);
  }

  private static String node(EventSource.Event event) {
    assertEquals("boot", event.name());
    return event.data().replaceFirst(".*\"node\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void who_watches_is_told_what_is_known_and_then_what_changes() throws Exception {
    told(1, "p");
    told(2, "p");
    try (EventSource source = open(BootFilter.ALL, "")) {
      assertEquals("52:54:00:00:00:01", node(event(source)));
      assertEquals("52:54:00:00:00:02", node(event(source)));
      assertEquals(new EventSource.Quiet(), source.next(Duration.ofMillis(10)));
      told(3, "p");
      assertEquals("52:54:00:00:00:03", node(event(source)));
    }
    assertEquals(0, streams.openNow());
  }

  @Test
  void who_comes_back_is_told_what_it_missed() throws Exception {
    told(1, "p");
    String last;
    try (EventSource source = open(BootFilter.ALL, "")) {
      last = event(source).id();
    }
    told(2, "p");
    try (EventSource source = open(BootFilter.ALL, last)) {
      assertEquals("52:54:00:00:00:02", node(event(source)));
    }
    for (String foreign : List.of("x", "00000000-1", "-1", last.replaceFirst("-.*", "-x"))) {
      try (EventSource source = open(BootFilter.ALL, foreign)) {
        assertEquals("52:54:00:00:00:01", node(event(source)), foreign);
      }
    }
  }

  @Test
  void only_what_was_asked_for_is_told() throws Exception {
    try (EventSource source = open(new BootFilter("", "q", null), "")) {
      told(1, "p");
      told(2, "q");
      assertEquals("52:54:00:00:00:02", node(event(source)));
    }
  }

  @Test
  void so_many_may_watch_and_all_are_sent_away_at_the_end() throws Exception {
    for (int i = 0; i < BootStreams.MOST; i++) {
      open(BootFilter.ALL, "");
    }
    assertThrows(ProblemException.class, () -> open(BootFilter.ALL, ""));
    streams.close();
    assertThrows(ProblemException.class, () -> open(BootFilter.ALL, ""));
  }

  @Test
  void a_stream_over_http_has_ids_and_ends_with_the_api(@TempDir Path folder) throws IOException {
    try (AdminFixture admin = AdminFixture.withTokens(folder);
        RawClient client = RawClient.connect(admin.address())) {
      client.request(
          "GET",
          "/admin/v1/boots?limit=1",
          "Authorization: Bearer " + AdminFixture.READER,
          "Accept: text/event-stream");
      var lines = new BufferedReader(new InputStreamReader(client.stream(), UTF_8));
      String line = lines.readLine();
      assertTrue(line.contains(" 200"), line);
      while (!line.isEmpty()) {
        line = lines.readLine();
      }
      assertTrue(lines.readLine().startsWith("id: "));
      assertEquals("event: boot", lines.readLine());
      assertTrue(lines.readLine().startsWith("data: {\"id\":1,"));
      admin.api().close();
      assertEquals(List.of(""), lines.lines().toList());
    }
  }
}
