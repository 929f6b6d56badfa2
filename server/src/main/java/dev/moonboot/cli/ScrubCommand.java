package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code moonboot admin scrub}. */
@Command(
    name = "scrub",
    description = "Read every stored file, and fetch again what is damaged.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot admin scrub")
final class ScrubCommand extends AdminCall {
  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj done = outcome(client, client.change("POST", "/admin/v1/scrub", null, Map.of()));
    if (options.json) {
      printer.json(done);
    } else {
      printer.details(done);
    }
  }
}
