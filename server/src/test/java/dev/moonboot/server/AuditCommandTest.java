package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditLog;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
  private record Ran(int code, String out, String err) {}

  @TempDir Path state;

  private static Ran run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  @BeforeEach
  void write() {
    try (AuditLog log = AuditLog.open(state.resolve("audit"), "1.2.3", _ -> {})) {
      log.record(event("pin.set", "worker", "for the canary \u202e"));
      log.record(event("channel.hold", "stable", "holidays"));
      log.record(event("pin.clear", "worker", ""));
    }
  }

  private static AuditEvent event(String event, String profile, String reason) {
    return new AuditEvent(
        event,
        "ok",
        reason,
        new Actor(Actor.Type.TOKEN, "ops", "127.0.0.1:4711 admin"),
        Map.of("profile", profile),
        Map.of());
  }

  @Test
  void a_whole_log_is_0_and_its_last_record_can_be_kept_and_expected() {
    Ran ran = run("audit", "verify", "--state", state.toString());
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().startsWith("3 records in 1 files, from "), ran.out());
    assertTrue(ran.out().contains("\nwhole: each record fits the one before it\n"), ran.out());
    String last = ran.out().lines().toList().getLast();
    assertTrue(last.matches("last: 3:sha256:[0-9a-f]{64}"), last);
    String mark = last.substring("last: ".length());
    assertEquals(0, run("audit", "verify", "--state", state.toString(), "--expect", mark).code());
    String other = "4" + mark.substring(1);
    assertEquals(1, run("audit", "verify", "--state", state.toString(), "--expect", other).code());
    assertEquals(2, run("audit", "verify", "--expect", "nonsense").code());
  }

  @Test
  void a_broken_log_is_1_with_the_place_and_what_it_means() throws IOException {
    Path file = state.resolve("audit/audit-1.jsonl");
    Files.writeString(file, Files.readString(file).replace("holidays", "holydays"));
    Ran ran = run("audit", "verify", "--state", state.toString());
    assertEquals(1, ran.code());
    assertTrue(
        ran.out()
            .contains(
                """
                BROKEN at audit-1.jsonl line 3, record 3: the digest of the line before does not fit
                  record 2, which is before it, or this one was changed after it was written
                """),
        ran.out());
    Ran json = run("audit", "verify", "--json", "--state", state.toString());
    Json.Obj report = (Json.Obj) JsonText.parse(json.out());
    assertEquals(new Json.Bool(false), report.member("whole").orElseThrow());
    assertEquals(3L, report.object("break").orElseThrow().integer("line").orElseThrow());
  }

  @Test
  void records_are_shown_as_a_table_that_steers_no_terminal() {
    Ran ran = run("audit", "show", "--state", state.toString(), "--event", "pin");
    assertEquals(0, ran.code(), ran.err());
    assertEquals(3, ran.out().lines().count());
    assertTrue(
        ran.out().contains("  pin.set    ok       ops  profile=worker  for the canary \\u{202e}"),
        ran.out());
    Ran json = run("audit", "show", "--json", "--limit", "1", "--state", state.toString());
    assertTrue(JsonText.parse(json.out()) instanceof Json.Arr(var items) && items.size() == 1);
  }

  @Test
  void the_configuration_names_the_state_directory_too() throws IOException {
    Path config = Files.writeString(state.resolve("moonboot.yaml"), "state: " + state + "\n");
    assertEquals(0, run("audit", "verify", "--config", config.toString()).code());
    Ran none = run("audit", "verify", "--state", state.resolve("nowhere").toString());
    assertEquals(1, none.code());
    assertTrue(none.err().startsWith("moonboot: there is no audit log in "), none.err());
  }
}
