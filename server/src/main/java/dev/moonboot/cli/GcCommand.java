package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moonboot admin gc}. */
@Command(
    name = "gc",
    description = "Delete releases that nothing needs any more.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot admin gc --dry-run")
final class GcCommand extends AdminCall {
  @Option(names = "--dry-run", description = "Only say what would be deleted, and why not more.")
  private boolean dryRun;

  @Override
  void run(AdminClient client, Printer printer) {
    String path = "/admin/v1/gc" + (dryRun ? "?dryRun=true" : "");
    Json.Obj done = outcome(client, client.change("POST", path, null, Map.of()));
    if (options.json) {
      printer.json(done);
    } else {
      printer.details(done);
    }
  }
}
