package dev.moonboot.admin;

import dev.moonboot.http.Reply;
import dev.moonboot.journal.AuditFilter;
import dev.moonboot.journal.AuditPage;
import dev.moonboot.journal.AuditRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/** What was written down: the audit log. */
final class RecordRoutes implements Resource {
  private static final int MOST = 1000;

  private final Records records;

  RecordRoutes(Records records) {
    this.records = records;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/admin/v1/audit", "listAudit", this::audit)
            .query("event", "outcome", "actor", "target", "since", "until", "limit"));
  }

  private Reply audit(Call call) {
    AuditFilter filter =
        new AuditFilter(
            call.query("event").orElse(""),
            call.query("outcome").orElse(""),
            call.query("actor").orElse(""),
            call.query("target").orElse(""),
            instant(call, "since", Instant.MIN),
            instant(call, "until", Instant.MAX));
    AuditPage page = records.audit(filter, call.number("limit", 100, 1, MOST));
    return Replies.ok(
        new Members()
            .list("events", page.records().stream().map(AuditRecord::content).toList())
            .flag("more", page.more())
            .json());
  }

  private static Instant instant(Call call, String name, Instant fallback) {
    try {
      return call.query(name).map(Instant::parse).orElse(fallback);
    } catch (DateTimeException e) {
      throw Call.malformed(name, "is a time such as 2026-01-02T03:04:05Z");
    }
  }
}
