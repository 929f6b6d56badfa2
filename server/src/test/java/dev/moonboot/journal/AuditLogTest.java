package dev.moonboot.journal;

import static dev.moonboot.journal.JournalFixture.event;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final String ZEROS = "sha256:" + "0".repeat(64);

  private JournalFixture fixture;

  @BeforeEach
  void set_up(@TempDir Path dir) {
    fixture = new JournalFixture(dir.resolve("state/audit"));
  }

  @Test
  void a_15_an_event_is_one_json_line_with_all_its_members_in_order() {
    Map<String, String> target = new LinkedHashMap<>();
    target.put("profile", "worker");
    target.put("arch", "arm64");
    Map<String, String> details = new LinkedHashMap<>();
    details.put("request", "4711");
    details.put("idempotencyKey", "k-1");
    details.put("rule", "ghcr.io/acme/*");
    details.put("signer", "sha256:ab");
    details.put("format", "bundle");
    details.put("from", "sha256:aa");
    details.put("to", "sha256:bb");
    details.put("expires", "2026-04-01T00:00:00Z");
    try (AuditLog log = fixture.open()) {
      log.record(new AuditEvent("pin.set", "ok", "canary", JournalFixture.ADMIN, target, details));
      log.record(event("pin.clear"));
    }
    String first =
        """
        {"ts":"2026-03-01T12:00:00.000Z","seq":1,"prev":"%s","event":"pin.set","outcome":"ok",\
        "reason":"canary","actor":{"type":"token","id":"ops"},"src":"127.0.0.1:52114 admin",\
        "target":{"profile":"worker","arch":"arm64"},"from":"sha256:aa","to":"sha256:bb",\
        "policy":{"rule":"ghcr.io/acme/*","keyFingerprint":"sha256:ab","format":"bundle"},\
        "req":{"id":"4711","idempotencyKey":"k-1"},"details":{"expires":"2026-04-01T00:00:00Z"},\
        "clock":"ok","ver":"1.2.3"}\
        """
            .formatted(ZEROS);
    String second =
        """
        {"ts":"2026-03-01T12:00:00.000Z","seq":2,"prev":"%s","event":"pin.clear","outcome":"ok",\
        "reason":"because","actor":{"type":"token","id":"ops"},"src":"127.0.0.1:52114 admin",\
        "target":{"profile":"worker"},"clock":"ok","ver":"1.2.3"}\
        """
            .formatted(Digest.of(first.getBytes(US_ASCII)));
    assertEquals(first + "\n" + second + "\n", fixture.text(1));
    assertEquals(List.of(first + "\n", second + "\n"), fixture.copies);
  }

  @Test
  void its_files_are_its_own() throws IOException {
    try (AuditLog log = fixture.open()) {
      log.record(event("pin.set"));
    }
    assertEquals("rwx------", mode(fixture.directory));
    assertEquals("rw-------", mode(fixture.file(1)));
  }

  private static String mode(Path file) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }

  @Test
  void it_goes_on_where_it_ended() {
    for (int i = 0; i < 3; i++) {
      try (AuditLog log = fixture.open()) {
        log.record(event("pin.set"));
      }
    }
    assertEquals(List.of(1L, 2L, 3L), fixture.records(1).stream().map(AuditRecord::seq).toList());
    assertEquals(
        AuditFiles.digest(fixture.lines(1).get(1)).toString(), fixture.records(1).get(2).prev());
  }

  @Test
  void many_at_once_are_written_together_and_none_is_lost() throws Exception {
    try (AuditLog log = fixture.open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, 2_000).forEach(i -> threads.execute(() -> log.record(event("pin.set"))));
    }
    assertEquals(
        IntStream.rangeClosed(1, 2_000).mapToObj(i -> (long) i).toList(),
        fixture.records(1).stream().map(AuditRecord::seq).toList());
  }

  @Test
  void the_files_are_kept_within_their_limits_and_the_chain_goes_on_across_them() {
    fixture.limits = new AuditWriter.Limits(1_000, 3);
    try (AuditLog log = fixture.open()) {
      IntStream.range(0, 20).forEach(i -> log.record(event("pin.set")));
    }
    List<Integer> numbers = numbers();
    assertEquals(3, numbers.size());
    for (int number : numbers) {
      assertTrue(fixture.text(number).length() <= 1_000);
    }
    assertEquals(20, fixture.records(numbers.getLast()).getLast().seq());
    String before = fixture.lines(numbers.get(1)).getLast();
    assertEquals(
        AuditFiles.digest(before).toString(), fixture.records(numbers.getLast()).getFirst().prev());
  }

  private List<Integer> numbers() {
    try {
      return new AuditFiles(fixture.directory).numbers();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void the_latest_come_first_and_only_those_that_are_asked_for() {
    fixture.limits = new AuditWriter.Limits(2_000, 16);
    try (AuditLog log = fixture.open()) {
      IntStream.range(0, 40)
          .forEach(i -> log.record(event(i % 2 == 0 ? "pin.set" : "channel.hold", "no " + i)));
      AuditPage page = log.recent(AuditFilter.ALL, 3);
      assertEquals(
          List.of("no 39", "no 38", "no 37"),
          page.records().stream().map(AuditRecord::reason).toList());
      assertTrue(page.more());
      var pins =
          new AuditFilter(
              "pin", "ok", "ops", "worker", java.time.Instant.MIN, java.time.Instant.MAX);
      page = log.recent(pins, 100);
      assertEquals(20, page.records().size());
      assertEquals("no 0", page.records().getLast().reason());
      assertEquals(false, page.more());
    }
  }
}
