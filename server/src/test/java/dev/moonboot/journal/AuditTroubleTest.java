package dev.moonboot.journal;

import static dev.moonboot.journal.JournalFixture.event;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fail, processes that die, and strangers who would fill the log. */
class AuditTroubleTest {
  private JournalFixture fixture;

  @BeforeEach
  void set_up(@TempDir Path dir) {
    fixture = new JournalFixture(dir.resolve("audit"));
  }

  /** The second file cannot be made, so that the first write after the first file is full fails. */
  private void breakDisk() throws IOException {
    fixture.limits = new AuditWriter.Limits(400, 16);
    Files.createDirectories(fixture.file(2));
  }

  private AuditReport verified() throws IOException {
    return AuditVerifier.verify(fixture.directory, Optional.empty());
  }

  @Test
  void a_15_c_10_while_the_disk_takes_nothing_the_lines_go_to_the_log_and_are_told_later()
      throws IOException {
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "one"));
      breakDisk();
      fixture.limits = new AuditWriter.Limits(400, 16);
    }
    try (AuditLog log = fixture.open()) {
      fixture.copies.clear();
      log.record(event("pin.set", "two"));
      log.record(event("pin.set", "three"));
      assertTrue(log.trouble().orElseThrow().contains("(2 records)"), log.trouble()::toString);
      assertEquals(2, fixture.copies.size());
      assertTrue(fixture.copies.getFirst().contains("\"seq\":null,\"prev\":null"));

      Files.delete(fixture.file(2));
      fixture.passTime(Duration.ofSeconds(2));
      log.record(event("pin.set", "four"));
      assertEquals(Optional.empty(), log.trouble());
    }
    assertEquals(List.of("pin.set"), fixture.events(1));
    assertEquals(List.of("audit.gap", "pin.set"), fixture.events(2));
    Json.Obj details = fixture.records(2).getFirst().content().object("details").orElseThrow();
    assertEquals(Optional.of("2"), details.text("count"));
    assertEquals(Optional.of("2026-03-01T12:00:00Z"), details.text("since"));
    AuditReport report = verified();
    assertEquals(Optional.empty(), report.firstBreak());
    assertEquals(
        List.of(
            "1 times the disk took nothing: 2 records are in the log of that time alone (see events"
                + " audit.gap)"),
        report.notes());
  }

  @Test
  void a_15_a_change_that_can_be_written_down_nowhere_is_refused() throws IOException {
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "one"));
    }
    breakDisk();
    try (AuditLog log = fixture.open()) {
      fixture.copyFails = true;
      var refused = assertThrows(AuditException.class, () -> log.record(event("pin.set", "two")));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("pin.set can be written down nowhere"));
      fixture.copyFails = false;
      log.record(event("pin.set", "three")); // serving went on, and so do changes
    }
  }

  @Test
  void a_15_a_log_that_nobody_takes_does_not_matter_while_the_disk_does() throws IOException {
    fixture.copyFails = true;
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set"));
    }
    assertEquals(1, verified().records());
  }

  @Test
  void c_08_it_opens_where_there_is_no_room_for_it_and_begins_as_soon_as_there_is()
      throws IOException {
    Files.writeString(fixture.directory, "in the way");
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "one"));
      assertEquals(1, fixture.copies.size());
      Files.delete(fixture.directory);
      log.record(event("pin.set", "two")); // too soon to try again
      fixture.passTime(Duration.ofSeconds(2));
      log.record(event("pin.set", "three"));
    }
    assertEquals(List.of("audit.gap", "pin.set"), fixture.events(1));
    assertEquals(Optional.empty(), verified().firstBreak());
  }

  @Test
  void a_line_that_a_crash_cut_off_is_set_aside_and_told() throws IOException {
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "one"));
    }
    int length = fixture.text(1).length();
    Files.writeString(fixture.file(1), "{\"ts\":\"2026-", US_ASCII, StandardOpenOption.APPEND);
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "two"));
    }
    assertEquals(List.of("pin.set", "state.recovered", "pin.set"), fixture.events(1));
    String aside = "torn-1-" + length;
    assertEquals(
        Optional.of(aside),
        fixture.records(1).get(1).content().object("details").orElseThrow().text("file"));
    assertEquals("{\"ts\":\"2026-", Files.readString(fixture.directory.resolve(aside)));
    assertEquals(Optional.empty(), verified().firstBreak());
  }

  @Test
  void what_was_set_aside_is_told_at_the_next_start_when_there_was_another_crash()
      throws IOException {
    Files.createDirectories(fixture.directory);
    Files.writeString(fixture.directory.resolve("torn-1-0.untold"), "half");
    fixture.open().close();
    assertEquals(List.of("state.recovered"), fixture.events(1));
    assertTrue(Files.exists(fixture.directory.resolve("torn-1-0")));
    fixture.open().close();
    assertEquals(List.of("state.recovered"), fixture.events(1));
  }

  @Test
  void nothing_is_thrown_away_where_somebody_made_the_last_line_unreadable() throws IOException {
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "one"));
      log.record(event("pin.set", "two"));
    }
    String text = fixture.text(1);
    Files.writeString(fixture.file(1), text.replace("\"two\"", "\"two"), US_ASCII);
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "three"));
    }
    AuditReport.Break found = verified().firstBreak().orElseThrow();
    assertEquals(
        new AuditReport.Break(
            "audit-1.jsonl", 2, 2, "this is no record", "the line was changed or damaged"),
        found);
    assertEquals(3, AuditRecord.parse(fixture.lines(1).get(2)).orElseThrow().seq());
  }

  @Test
  void a_log_that_is_taken_away_while_it_runs_goes_on_in_a_new_file_and_verify_tells()
      throws IOException {
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set", "one"));
    }
    fixture.limits = new AuditWriter.Limits(400, 16);
    try (AuditLog log = fixture.open()) {
      Files.delete(fixture.file(1));
      Files.createDirectories(fixture.file(2));
      log.record(event("pin.set", "two")); // fails, as the next file cannot be made
      Files.delete(fixture.file(2));
      fixture.passTime(Duration.ofSeconds(2));
      log.record(event("pin.set", "three"));
    }
    assertEquals(List.of("audit.gap", "pin.set"), fixture.events(2));
    assertEquals("the file is missing", verified().firstBreak().orElseThrow().what());
  }

  @Test
  void m_06_failed_logins_are_limited_and_those_held_back_are_counted() throws IOException {
    AuditEvent fail =
        new AuditEvent(
            "auth.fail",
            "refused",
            "x".repeat(2_000),
            new Actor(Actor.Type.ANONYMOUS, "", "10.0.0.7:4711 admin"),
            Map.of(),
            Map.of());
    try (AuditLog log = fixture.open()) {
      for (int second = 0; second < 60; second++) {
        for (int i = 0; i < 1_000; i++) {
          log.record(fail);
        }
        fixture.passTime(Duration.ofSeconds(1));
      }
      log.record(event("pin.set")); // what matters passes at once
    }
    List<AuditRecord> records = fixture.records(1);
    long told =
        records.stream()
            .mapToLong(record ->
                record.content().object("details").flatMap(d -> d.text("suppressed")).stream()
                    .mapToLong(Long::parseLong)
                    .sum())
            .sum();
    long single = records.stream().filter(r -> r.outcome().equals("refused")).count();
    assertEquals(60_000, told + single);
    assertTrue(Files.size(fixture.file(1)) < 1 << 20, () -> fixture.text(1).length() + " bytes");
    assertTrue(records.stream().anyMatch(record -> record.event().equals("pin.set")));
  }

  @Test
  void a_16_no_text_breaks_a_line_or_steers_a_terminal() throws IOException {
    String evil = "a\r\nb\u001b[31mc\u202ed\u2028e\u0000f\u007fg\ud83d\ude00h\ud800i\"\\\u2066";
    Actor actor = new Actor(Actor.Type.NODE, evil, evil);
    try (AuditLog log = fixture.open()) {
      log.record(
          new AuditEvent("pin.set", "ok", evil, actor, Map.of(evil, evil), Map.of("from", evil)));
    }
    String text = fixture.text(1);
    assertEquals(1, text.lines().count());
    assertTrue(text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)), text);
    assertTrue(
        text.contains("a\\r\\nb\\u001B[31mc\\u202Ed\\u2028e\\u0000f\\u007Fg\\uD83D\\uDE00h"));
    AuditRecord record = fixture.records(1).getFirst();
    String told = evil.replace('\ud800', '\ufffd');
    assertEquals(told, record.reason());
    assertEquals(told, record.actor());
    assertTrue(
        fixture.copies.getFirst().chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)));
  }

  @Test
  void a_16_long_values_are_cut_and_many_members_left_out() throws IOException {
    String emoji = "\ud83d\ude00".repeat(1_000);
    Map<String, String> many = new java.util.LinkedHashMap<>();
    IntStream.range(0, 1_000).forEach(i -> many.put("key " + i, "x".repeat(10_000)));
    try (AuditLog log = fixture.open()) {
      log.record(new AuditEvent("pin.set", "ok", emoji, JournalFixture.ADMIN, many, many));
    }
    AuditRecord record = fixture.records(1).getFirst();
    assertEquals("\ud83d\ude00".repeat(254) + "...", record.reason());
    assertEquals(16, record.target().members().size());
    assertTrue(fixture.text(1).length() < 40_000);
  }

  @Test
  void the_queue_of_the_boot_path_writes_all_down_and_waits_for_nothing() throws IOException {
    try (AuditLog log = fixture.open();
        AuditQueue queue = new AuditQueue(log)) {
      IntStream.range(0, 1_000).forEach(_ -> queue.record(event("ticket.issue")));
    }
    assertEquals(1_000, verified().records());
  }

  @Test
  void what_does_not_fit_into_the_queue_is_counted() throws Exception {
    try (AuditLog log = fixture.open()) {
      AuditQueue queue = new AuditQueue(log, 1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        IntStream.range(0, 5_000).forEach(_ -> threads.execute(() -> queue.record(event("x.y"))));
      }
      queue.close();
    }
    long dropped =
        fixture.records(1).stream()
            .filter(record -> record.event().equals("audit.gap"))
            .mapToLong(record ->
                Long.parseLong(
                    record.content().object("details").orElseThrow().text("count").orElseThrow()))
            .sum();
    long written = fixture.events(1).stream().filter("x.y"::equals).count();
    assertEquals(5_000, written + dropped);
    assertFalse(written == 0);
  }
}
