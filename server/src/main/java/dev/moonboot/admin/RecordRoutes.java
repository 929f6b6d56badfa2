package dev.moonboot.admin;

import dev.moonboot.http.Reply;
import dev.moonboot.journal.AuditFilter;
import dev.moonboot.journal.AuditPage;
import dev.moonboot.journal.AuditRecord;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import dev.moonboot.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What happened: the audit log, and the boots of late. */
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
            .query("event", "outcome", "actor", "target", "since", "until", "limit"),
        Endpoint.get("/admin/v1/boots", "listBoots", this::boots)
            .query("node", "profile", "result", "limit"));
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

  private Reply boots(Call call) {
    BootFilter filter =
        new BootFilter(
            call.query("node").orElse(""), call.query("profile").orElse(""), result(call));
    List<Boot> boots = records.boots(filter, call.number("limit", 100, 1, MOST));
    return Replies.ok(
        new Members().list("boots", boots.stream().map(RecordRoutes::boot).toList()).json());
  }

  private static Boot.@Nullable Result result(Call call) {
    String sent = call.query("result").orElse("");
    if (sent.isEmpty()) {
      return null;
    }
    return Stream.of(Boot.Result.values())
        .filter(known -> lower(known).equals(sent))
        .findFirst()
        .orElseThrow(() ->
            Call.malformed(
                "result",
                "is one of "
                    + String.join(
                        ", ", Stream.of(Boot.Result.values()).map(RecordRoutes::lower).toList())));
  }

  private static Json.Obj boot(Boot boot) {
    Boot.Node node = boot.node();
    Boot.Answer answer = boot.answer();
    return new Members()
        .number("id", boot.id())
        .text("time", boot.scriptAt())
        .text("node", node.mac().isEmpty() ? node.client() : node.mac())
        .text("uuid", node.uuid())
        .text("serial", node.serial())
        .text("arch", node.arch())
        .text("client", node.client())
        .text("group", answer.group())
        .text("profile", answer.profile())
        .text("release", answer.release())
        .text("by", answer.by())
        .text("result", lower(boot.result()))
        .text("detail", answer.why())
        .list("files", boot.files().stream().map(RecordRoutes::file).toList())
        .json();
  }

  private static Json.Obj file(Boot.File file) {
    return new Members()
        .text("path", file.path())
        .number("bytes", file.bytes())
        .number("size", file.size())
        .text("started", file.startedAt())
        .text("sent", file.sentAt())
        .json();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
