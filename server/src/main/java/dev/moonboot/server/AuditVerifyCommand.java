package dev.moonboot.server;

import dev.moonboot.journal.AuditMark;
import dev.moonboot.journal.AuditReport;
import dev.moonboot.journal.AuditVerifier;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code moonboot audit verify}. */
@Command(
    name = "verify",
    description = {
      "Check that no record was changed, taken out or put in.",
      "",
      "Records that are missing at the very end, and a change of the last record, show only with"
          + " --expect: keep the last line of this output somewhere else."
    },
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
  /** Reads {@code SEQ:DIGEST}. */
  static final class MarkConverter implements ITypeConverter<AuditMark> {
    @Override
    public AuditMark convert(String text) {
      try {
        return AuditMark.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Mixin private final AuditCommand.Place place = new AuditCommand.Place();

  @Option(
      names = "--expect",
      paramLabel = "SEQ:DIGEST",
      converter = MarkConverter.class,
      description = "A record that must be there, as this command printed it earlier.")
  private @Nullable AuditMark expect;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    Path directory = place.directory();
    if (!Files.isDirectory(directory)) {
      context
          .err()
          .println("moonboot: there is no audit log in " + directory + "; name its --state");
      return ExitCode.FAILED;
    }
    AuditReport report = verify(directory);
    if (json) {
      context.out().print(json(report).pretty());
      context.out().flush();
    } else {
      print(report, context.out());
    }
    return report.firstBreak().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private AuditReport verify(Path directory) {
    try {
      return AuditVerifier.verify(directory, Optional.ofNullable(expect));
    } catch (IOException e) {
      throw new UncheckedIOException("reading the audit log", e);
    }
  }

  private static void print(AuditReport report, PrintWriter out) {
    out.println(
        "%d records in %d files%s"
            .formatted(
                report.records(),
                report.files(),
                report
                    .from()
                    .map(from -> ", from " + from + " to " + report.until().orElseThrow())
                    .orElse("")));
    report.notes().forEach(note -> out.println("note: " + note));
    report
        .firstBreak()
        .ifPresentOrElse(
            broken -> {
              out.println(
                  "BROKEN at %s line %d, record %d: %s"
                      .formatted(broken.file(), broken.line(), broken.seq(), broken.what()));
              out.println("  " + broken.meaning());
              out.println("  the records before it belong together; what follows was not checked");
            },
            () -> out.println("whole: each record fits the one before it"));
    Optional.ofNullable(report.last())
        .ifPresent(last -> out.println("last: " + last.seq() + ":" + report.lastDigest()));
  }

  private static Json json(AuditReport report) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("whole", new Json.Bool(report.firstBreak().isEmpty()));
    members.put("records", Json.Num.of(report.records()));
    members.put("files", Json.Num.of(report.files()));
    report.from().ifPresent(from -> members.put("from", new Json.Str(from.toString())));
    report.until().ifPresent(until -> members.put("to", new Json.Str(until.toString())));
    Optional.ofNullable(report.last())
        .ifPresent(
            last -> members.put("last", new Json.Str(last.seq() + ":" + report.lastDigest())));
    members.put("notes", new Json.Arr(report.notes().stream().<Json>map(Json.Str::new).toList()));
    report
        .firstBreak()
        .ifPresent(broken ->
            members.put(
                "break",
                AuditCommand.object(
                    "file", new Json.Str(broken.file()),
                    "line", Json.Num.of(broken.line()),
                    "seq", Json.Num.of(broken.seq()),
                    "what", new Json.Str(broken.what()),
                    "meaning", new Json.Str(broken.meaning()))));
    return new Json.Obj(members);
  }
}
