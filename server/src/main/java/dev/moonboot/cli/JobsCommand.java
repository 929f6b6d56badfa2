package dev.moonboot.cli;

import static java.util.Objects.requireNonNull;

import dev.moonboot.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot admin jobs}. */
@Command(
    name = "jobs",
    description = "List long works since the start, newest first; or show one.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  moonboot admin jobs", "  moonboot admin jobs 5f1d0c3b9a7e2468 --follow"})
final class JobsCommand extends AdminCall {
  private static final String ALL = "/admin/v1/jobs";

  @Parameters(arity = "0..1", paramLabel = "ID", description = "A job.")
  private @Nullable String id;

  @Option(names = "--follow", description = "Wait until it has ended, and say how far it is.")
  private boolean follow;

  @Spec private @Nullable CommandSpec command;

  @Override
  void run(AdminClient client, Printer printer) {
    if (id == null) {
      list(client.get(ALL), printer);
      return;
    }
    Json.Obj job =
        follow
            ? JobWatch.follow(
                client, id, requireNonNull(command, "picocli sets it").commandLine().getErr())
            : client.get(ALL + "/" + AdminClient.encode(id));
    if (options.json) {
      printer.json(job);
    } else {
      printer.details(job);
    }
  }

  private void list(Json.Obj jobs, Printer printer) {
    if (options.json) {
      printer.json(jobs);
    } else {
      printer.rows(
          jobs.array("jobs").orElse(List.of()),
          "no long work since the start",
          new Printer.Column("JOB", "id"),
          new Printer.Column("KIND", "kind"),
          new Printer.Column("SUBJECT", "subject"),
          new Printer.Column("STATE", "state"),
          new Printer.Column("BY", "by"),
          new Printer.Column("STARTED", "started"),
          new Printer.Column("ENDED", "ended"));
    }
  }
}
