package dev.moonboot.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** An audit log in a folder, with a clock and a log of its own. */
final class JournalFixture {
  static final Actor ADMIN = new Actor(Actor.Type.TOKEN, "ops", "127.0.0.1:52114 admin");

  final Path directory;
  final List<String> copies = Collections.synchronizedList(new ArrayList<>());
  final AtomicLong nanos = new AtomicLong();
  AuditWriter.Limits limits = AuditWriter.Limits.DEFAULT;
  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  volatile boolean copyFails;

  JournalFixture(Path directory) {
    this.directory = directory;
  }

  AuditLog open() {
    return AuditLog.open(
        new AuditLog.Settings(directory, "1.2.3", this::copy, () -> now, nanos::get, limits));
  }

  private void copy(String line) throws IOException {
    if (copyFails) {
      throw new IOException("Broken pipe");
    }
    copies.add(line);
  }

  void passTime(Duration time) {
    nanos.addAndGet(time.toNanos());
    now = now.plus(time);
  }

  static AuditEvent event(String name) {
    return event(name, "because");
  }

  static AuditEvent event(String name, String reason) {
    return new AuditEvent(name, "ok", reason, ADMIN, Map.of("profile", "worker"), Map.of());
  }

  Path file(int number) {
    return directory.resolve("audit-" + number + ".jsonl");
  }

  String text(int number) {
    try {
      return Files.readString(file(number), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> lines(int number) {
    return text(number).lines().toList();
  }

  List<AuditRecord> records(int number) {
    return lines(number).stream().map(line -> AuditRecord.parse(line).orElseThrow()).toList();
  }

  List<String> events(int number) {
    return records(number).stream().map(AuditRecord::event).toList();
  }
}
