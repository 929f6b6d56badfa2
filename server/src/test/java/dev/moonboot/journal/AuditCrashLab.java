package dev.moonboot.journal;

import dev.moonboot.files.Disk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs in a JVM of its own under the fault injector {@code crashat.c}: lets every single call that
 * changes a file fail while the log is opened, appended to, rotated and closed, and checks after
 * each what is left.
 *
 * <p>Arguments: the folder to work in, and the file that the injector lists its calls in.
 */
final class AuditCrashLab {
  private static final int EVENTS = 8;

  private AuditCrashLab() {}

  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[0]);
    List<String> calls = calls(dir.resolve("log"), Path.of(args[1]));
    for (String mode : List.of("dead", "torn", "enospc", "eio")) {
      int points = 0;
      for (int at = 1; at <= calls.size(); at++) {
        if (!mode.equals("torn") || calls.get(at - 1).contains(" write ")) {
          points++;
          try {
            point(dir.resolve(mode + "-" + at), mode, at);
          } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(mode + " at " + calls.get(at - 1), e);
          }
        }
      }
      System.out.printf("DONE %s points=%d of calls=%d%n", mode, points, calls.size());
    }
  }

  /** See {@code crashat.c}. */
  private static void inject(String mode, long at) {
    if (new File("/crashat/" + mode + "/" + at).mkdir()) {
      throw new AssertionError("the fault injector is not loaded");
    }
  }

  private static JournalFixture fixture(Path dir) {
    JournalFixture fixture = new JournalFixture(dir.resolve("audit"));
    fixture.limits = new AuditWriter.Limits(700, 3);
    return fixture;
  }

  /** A log with a torn line, so that there is something to recover, too. */
  private static void prepare(JournalFixture fixture) throws IOException {
    try (AuditLog log = fixture.open()) {
      log.record(JournalFixture.event("pin.set", "before"));
    }
    Files.writeString(fixture.file(1), "{\"half", StandardOpenOption.APPEND);
  }

  private static void work(JournalFixture fixture) {
    try (AuditLog log = fixture.open()) {
      for (int i = 0; i < EVENTS; i++) {
        log.record(JournalFixture.event("pin.set", "no " + i));
        fixture.passTime(Duration.ofSeconds(1)); // so that a disk that failed is tried again
      }
    }
  }

  private static List<String> calls(Path dir, Path log) throws IOException {
    JournalFixture fixture = fixture(dir);
    prepare(fixture);
    inject("log", 0);
    work(fixture);
    inject("off", 0);
    Disk.deleteTree(dir);
    return Files.readAllLines(log);
  }

  private static void point(Path dir, String mode, int at) throws IOException {
    JournalFixture fixture = fixture(dir);
    prepare(fixture);
    fixture.copies.clear();
    inject(mode, at);
    work(fixture);
    inject("off", 0);
    check(fixture, mode);
    try (AuditLog again = fixture.open()) {
      again.record(JournalFixture.event("pin.set", "after"));
      check(again.trouble().isEmpty(), "still in trouble: " + again.trouble());
    }
    check(fixture, mode);
    check(
        new AuditReader(fixture.directory)
            .recent(AuditFilter.ALL, 1)
            .records()
            .getFirst()
            .reason()
            .equals("after"),
        "the last record is not there");
    Disk.deleteTree(dir);
  }

  /** What was acknowledged with a number stands there; the rest was told; nothing breaks. */
  private static void check(JournalFixture fixture, String mode) throws IOException {
    AuditReport report = AuditVerifier.verify(fixture.directory, 3, null);
    check(report.firstBreak().isEmpty(), "broken: " + report);
    String all =
        new AuditFiles(fixture.directory)
            .numbers().stream().map(fixture::text).collect(Collectors.joining());
    List<String> numbered =
        fixture.copies.stream().filter(line -> !line.contains("\"seq\":null")).toList();
    long oldest = AuditRecord.parse(all.lines().findFirst().orElseThrow()).orElseThrow().seq();
    for (String line : numbered) {
      long seq = AuditRecord.parse(line.stripTrailing()).map(AuditRecord::seq).orElse(0L);
      check(seq < oldest || all.contains(line), "acknowledged and gone: " + line);
    }
    for (int i = 0; i < EVENTS; i++) {
      String reason = "\"no " + i + "\"";
      check(fixture.copies.stream().anyMatch(line -> line.contains(reason)), "never told: " + i);
    }
    if (mode.equals("enospc") || mode.equals("eio")) {
      int alone = fixture.copies.size() - numbered.size();
      check(alone <= 1, "one failed call cost " + alone + " records");
      check(
          alone == 0 || numbered.stream().anyMatch(line -> line.contains("audit.gap")),
          "the gap was not told");
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
