package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moonboot admin devices}. */
@Command(
    name = "devices",
    description = "List nodes that ask for their machine config, newest first; or decide on one.",
    mixinStandardHelpOptions = true,
    subcommands = {DevicesCommand.Approve.class, DevicesCommand.Deny.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin devices",
      "  moonboot admin devices approve BCDF-GHJK",
      "  moonboot admin devices deny BCDF-GHJK --reason 'not ours'"
    })
final class DevicesCommand extends AdminCall {
  private static final String ALL = "/admin/v1/devices";

  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj devices = client.get(ALL);
    if (options.json) {
      printer.json(devices);
      return;
    }
    printer.rows(
        devices.array("devices").orElse(List.of()),
        "no node has asked for its machine config of late",
        new Printer.Column("CODE", "userCode"),
        new Printer.Column("STATE", "state"),
        new Printer.Column("NODE", "node"),
        new Printer.Column("UUID", "uuid"),
        new Printer.Column("CLIENT", "client"),
        new Printer.Column("PROFILE", "profile"),
        new Printer.Column("FILE", "file"),
        new Printer.Column("SECONDS LEFT", "secondsLeft"));
  }

  /** What both decisions are given. */
  abstract static class OnDevice extends AdminCall {
    @Parameters(index = "0", paramLabel = "CODE", description = "What the node shows.")
    private @Nullable String code;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
    private String reason = "";

    final void decide(AdminClient client, Printer printer, String verb, String outcome) {
      String path = ALL + "/" + AdminClient.encode(given(code)) + "/" + verb;
      Json.Obj body = reason.isEmpty() ? null : body("reason", reason);
      Json.Obj decided = client.change("POST", path, body, Map.of()).json();
      told(
          printer,
          decided,
          "%s (%s, profile %s) %s"
              .formatted(
                  text(decided, "userCode"),
                  text(decided, "client"),
                  text(decided, "profile"),
                  outcome));
    }
  }

  @Command(
      name = "approve",
      description = "Let the node that shows this code read its machine config once.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin devices approve BCDF-GHJK")
  static final class Approve extends OnDevice {
    @Override
    void run(AdminClient client, Printer printer) {
      decide(client, printer, "approve", "may read its machine config once");
    }
  }

  @Command(
      name = "deny",
      description = "Refuse the node that shows this code.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin devices deny BCDF-GHJK --reason 'not ours'")
  static final class Deny extends OnDevice {
    @Override
    void run(AdminClient client, Printer printer) {
      decide(client, printer, "deny", "is refused");
    }
  }
}
