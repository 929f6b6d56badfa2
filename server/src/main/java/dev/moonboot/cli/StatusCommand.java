package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code moonboot admin status}. */
@Command(
    name = "status",
    description = "Is it well, how do the channels stand, what is pinned?",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot admin status")
final class StatusCommand extends AdminCall {
  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj status = client.get("/admin/v1/status");
    Answer ready = client.send("GET", "/readyz", null, Map.of()); // 503 is an answer, too
    Json.Obj channels = client.get(ChannelsCommand.ALL);
    Json.Obj pins = client.get(PinsCommand.ALL);
    if (options.json) {
      Map<String, Json> all = new LinkedHashMap<>(status.members());
      all.put("checks", ready.json().member("checks").orElse(new Json.Null()));
      all.putAll(channels.members());
      all.putAll(pins.members());
      printer.json(new Json.Obj(all));
      return;
    }
    printer.details(status);
    printer.line("");
    printer.rows(
        ready.json().array("checks").orElse(List.of()),
        "no checks",
        new Printer.Column("PART", "part"),
        new Printer.Column("OK", "ok"),
        new Printer.Column("DETAIL", "detail"));
    printer.line("");
    ChannelsCommand.print(channels, printer);
    printer.line("");
    PinsCommand.print(pins, printer);
  }
}
