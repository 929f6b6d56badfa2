package dev.moonboot.journal;

import static dev.moonboot.journal.JournalFixture.event;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.AuditReport.Break;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditVerifierTest {
  private JournalFixture fixture;

  @BeforeEach
  void write(@TempDir Path dir) {
    fixture = new JournalFixture(dir.resolve("audit"));
    fixture.limits = new AuditWriter.Limits(1_000, 16);
    try (AuditLog log = fixture.open()) {
      IntStream.range(0, 7).forEach(i -> log.record(event("pin.set", "no " + i)));
    }
    assertEquals(3, files());
  }

  private int files() {
    try {
      return new AuditFiles(fixture.directory).numbers().size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private AuditReport verify() throws IOException {
    return AuditVerifier.verify(fixture.directory, Optional.empty());
  }

  private Break broken() throws IOException {
    return verify().firstBreak().orElseThrow();
  }

  private void write(int file, List<String> lines) throws IOException {
    Files.writeString(fixture.file(file), String.join("\n", lines) + "\n", ISO_8859_1);
  }

  @Test
  void a_log_that_nobody_touched_is_whole() throws IOException {
    AuditReport report = verify();
    assertEquals(7, report.records());
    assertEquals(3, report.files());
    assertEquals(Optional.of(fixture.now), report.from());
    assertEquals(Optional.of(fixture.now), report.until());
    assertEquals(AuditFiles.digest(fixture.lines(3).getLast()).toString(), report.lastDigest());
    assertEquals(List.of(), report.notes());
    assertEquals(Optional.empty(), report.firstBreak());
  }

  @Test
  void every_change_of_a_single_byte_before_the_last_line_is_found() throws IOException {
    int changes = 0;
    for (int number = 1; number <= 3; number++) {
      byte[] original = Files.readAllBytes(fixture.file(number));
      int last =
          number < 3 ? original.length : original.length - fixture.lines(3).getLast().length() - 1;
      for (int i = 0; i < last; i++) {
        byte[] changed = original.clone();
        changed[i] ^= (byte) (1 << i % 7);
        Files.write(fixture.file(number), changed);
        assertTrue(verify().firstBreak().isPresent(), "file " + number + " byte " + i);
        changes++;
      }
      Files.write(fixture.file(number), original);
    }
    assertTrue(changes > 1_500, changes + " changes");
    assertEquals(Optional.empty(), verify().firstBreak());
  }

  @Test
  void every_line_taken_out_doubled_or_swapped_before_the_last_is_found() throws IOException {
    for (int number = 1; number <= 3; number++) {
      List<String> lines = fixture.lines(number);
      for (int i = 0; i < lines.size(); i++) {
        boolean last = number == 3 && i == lines.size() - 1;
        List<String> changed = new ArrayList<>(lines);
        changed.add(i, lines.get(i));
        write(number, changed);
        assertTrue(verify().firstBreak().isPresent(), "doubled " + number + " " + i);
        if (i > 0) {
          changed = new ArrayList<>(lines);
          Collections.swap(changed, i - 1, i);
          write(number, changed);
          assertTrue(verify().firstBreak().isPresent(), "swapped " + number + " " + i);
        }
        if (!last) {
          changed = new ArrayList<>(lines);
          changed.remove(i);
          write(number, changed);
          assertTrue(verify().firstBreak().isPresent(), "taken out " + number + " " + i);
        }
      }
      write(number, lines);
    }
  }

  @Test
  void every_cut_in_a_file_that_others_follow_is_found() throws IOException {
    byte[] original = Files.readAllBytes(fixture.file(2));
    for (int length = 0; length < original.length; length++) {
      Files.write(fixture.file(2), java.util.Arrays.copyOf(original, length));
      assertTrue(verify().firstBreak().isPresent(), "cut at " + length);
    }
  }

  @Test
  void it_says_where_the_chain_breaks_and_what_that_means() throws IOException {
    List<String> lines = new ArrayList<>(fixture.lines(2));
    lines.set(0, lines.get(0).replace("no 3", "no 8"));
    write(2, lines);
    assertEquals(
        new Break(
            "audit-2.jsonl",
            2,
            5,
            "the digest of the line before does not fit",
            "record 4, which is before it, or this one was changed after it was written"),
        broken());
    lines = new ArrayList<>(fixture.lines(1));
    lines.remove(1);
    write(1, lines);
    assertEquals(
        new Break(
            "audit-1.jsonl",
            2,
            2,
            "record 3 follows record 1",
            "1 records between them were taken out"),
        broken());
  }

  @Test
  void a_file_that_is_gone_is_found() throws IOException {
    Files.delete(fixture.file(2));
    assertEquals("audit-2.jsonl", broken().file());
    Files.delete(fixture.file(1));
    assertEquals(
        new Break(
            "audit-2.jsonl",
            0,
            0,
            "the file is missing",
            "it was deleted: 16 files are kept, and only 1 are there"),
        broken());
  }

  @Test
  void what_was_rotated_away_is_no_break() throws IOException {
    fixture.limits = new AuditWriter.Limits(1_000, 3);
    try (AuditLog log = fixture.open()) {
      IntStream.range(0, 7).forEach(i -> log.record(event("pin.set", "no " + i)));
    }
    AuditReport report = AuditVerifier.verify(fixture.directory, 3, null);
    assertEquals(Optional.empty(), report.firstBreak());
    assertEquals(List.of("what stood before audit-3.jsonl was rotated away"), report.notes());
    AuditReport gone =
        AuditVerifier.verify(fixture.directory, 3, AuditMark.parse("1:" + "a".repeat(64)));
    assertEquals(
        "record 1 was expected and cannot be checked: it was rotated away", gone.notes().getLast());
  }

  @Test
  void what_is_missing_at_the_end_is_found_by_who_kept_a_mark() throws IOException {
    AuditReport report = verify();
    AuditMark mark = AuditMark.parse("7:" + report.lastDigest());
    assertEquals(
        Optional.empty(), AuditVerifier.verify(fixture.directory, Optional.of(mark)).firstBreak());

    Files.delete(fixture.file(3));
    assertEquals(Optional.empty(), verify().firstBreak()); // as if nothing had ever been there
    assertEquals(
        "the log ends at record 6, and record 7 was expected",
        AuditVerifier.verify(fixture.directory, Optional.of(mark))
            .firstBreak()
            .orElseThrow()
            .what());

    try (AuditLog log = fixture.open()) { // and the log was continued
      log.record(event("pin.set", "another"));
    }
    assertEquals(Optional.empty(), verify().firstBreak());
    assertEquals(
        "record 7 is another one than expected",
        AuditVerifier.verify(fixture.directory, Optional.of(mark))
            .firstBreak()
            .orElseThrow()
            .what());
  }

  @Test
  void a_line_that_is_being_written_is_no_break() throws IOException {
    Files.writeString(fixture.file(3), "{\"ts\":", StandardOpenOption.APPEND);
    AuditReport report = verify();
    assertEquals(Optional.empty(), report.firstBreak());
    assertEquals(7, report.records());
    assertEquals(1, report.notes().size());
  }

  @Test
  void a_running_log_can_be_read() throws Exception {
    try (AuditLog log = fixture.open()) {
      Thread writer =
          Thread.ofVirtual()
              .start(() -> IntStream.range(0, 300).forEach(_ -> log.record(event("pin.set"))));
      while (writer.isAlive()) {
        AuditReport report = AuditVerifier.verify(fixture.directory, 16, null);
        assertEquals(Optional.empty(), report.firstBreak());
      }
      writer.join();
    }
  }

  @Test
  void a_mark_is_a_number_and_a_digest() {
    assertEquals("7:sha256:" + "a".repeat(64), AuditMark.parse("7:" + "a".repeat(64)).toString());
    for (String wrong : List.of("", "7", "x:" + "a".repeat(64), "7:abc", "-1:" + "a".repeat(64))) {
      assertThrows(IllegalArgumentException.class, () -> AuditMark.parse(wrong), wrong);
    }
  }
}
