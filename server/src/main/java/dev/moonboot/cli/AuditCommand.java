package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moonboot admin audit}. */
@Command(
    name = "audit",
    description = "List who changed what, newest first.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  moonboot admin audit --limit 20", "  moonboot admin audit --event pin.set"})
final class AuditCommand extends AdminCall {
  @Option(names = "--event", paramLabel = "NOUN.VERB", description = "Only of one kind.")
  private String event = "";

  @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
  private String limit = "";

  @Override
  void run(AdminClient client, Printer printer) {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("event", event);
    filter.put("limit", limit);
    Json.Obj audit = client.get("/admin/v1/audit" + AdminClient.query(filter));
    if (options.json) {
      printer.json(audit);
    } else {
      printer.rows(
          audit.array("events").orElse(List.of()),
          "nothing was changed yet",
          new Printer.Column("TIME", "ts"),
          new Printer.Column("EVENT", "event"),
          new Printer.Column("OUTCOME", "outcome"),
          new Printer.Column("WHO", "actor.id"),
          new Printer.Column("TARGET", "target"),
          new Printer.Column("REASON", "reason"));
    }
  }
}
