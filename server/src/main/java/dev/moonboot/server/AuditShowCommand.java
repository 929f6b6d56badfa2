package dev.moonboot.server;

import dev.moonboot.cli.TextTable;
import dev.moonboot.journal.AuditFilter;
import dev.moonboot.journal.AuditPage;
import dev.moonboot.journal.AuditReader;
import dev.moonboot.journal.AuditRecord;
import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot audit show}. */
@Command(
    name = "show",
    description = "Show the latest records of the audit log, the newest last.",
    mixinStandardHelpOptions = true)
final class AuditShowCommand implements Callable<Integer> {
  @Mixin private final AuditCommand.Place place = new AuditCommand.Place();

  @Option(
      names = "--event",
      paramLabel = "EVENT",
      description = "Only these: pin.set, or pin for all that begins with pin.")
  private String event = "";

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "Only these: ok, refused or failed.")
  private String outcome = "";

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      description = "Only those of this token, certificate or node.")
  private String actor = "";

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Only those about this profile, channel, release or group.")
  private String target = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only those from this time on: 2026-05-01T00:00:00Z.")
  private Instant since = Instant.MIN;

  @Option(names = "--until", paramLabel = "TIME", description = "Only those up to this time.")
  private Instant until = Instant.MAX;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many at most. Default: ${DEFAULT-VALUE}.")
  private int limit = 50;

  @Option(names = "--json", description = "As JSON, for programs: the records as they are.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = CommandContext.of(spec).out();
    AuditPage page =
        new AuditReader(place.directory())
            .recent(
                new AuditFilter(event, outcome, actor, target, since, until), Math.max(1, limit));
    List<AuditRecord> records = page.records().reversed();
    if (json) {
      out.print(new Json.Arr(records.stream().<Json>map(AuditRecord::content).toList()).pretty());
      out.flush();
    } else {
      print(records, out);
    }
    return ExitCode.OK;
  }

  private static void print(List<AuditRecord> records, PrintWriter out) {
    var table = new TextTable().row("SEQ", "TIME", "EVENT", "OUTCOME", "WHO", "WHAT", "WHY");
    for (AuditRecord record : records) {
      table.row(
          Long.toString(record.seq()),
          record.at().toString(),
          plain(record.event()),
          plain(record.outcome()),
          plain(record.actor().isEmpty() ? record.actorType() : record.actor()),
          plain(target(record)),
          plain(record.reason()));
    }
    table.lines().forEach(out::println);
  }

  private static String target(AuditRecord record) {
    return record.target().members().entrySet().stream()
        .map(member ->
            member.getKey()
                + "="
                + (member.getValue() instanceof Json.Str(var text) ? text : member.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** Letters of any language, but nothing that steers a terminal or turns text around. */
  private static String plain(String text) {
    return text.codePoints()
        .mapToObj(c -> isPlain(c) ? Character.toString(c) : "\\u{%x}".formatted(c))
        .collect(Collectors.joining());
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
