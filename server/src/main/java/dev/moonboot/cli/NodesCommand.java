package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code moonboot admin nodes}. */
@Command(
    name = "nodes",
    description = "List the nodes that were seen since the start, the one seen last first.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot admin nodes")
final class NodesCommand extends AdminCall {
  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj nodes = client.get("/admin/v1/nodes");
    if (options.json) {
      printer.json(nodes);
      return;
    }
    printer.rows(
        nodes.array("nodes").orElse(List.of()),
        "no node was seen since the start",
        new Printer.Column("MAC", "mac"),
        new Printer.Column("ADDRESS", "address"),
        new Printer.Column("SERIAL", "serial"),
        new Printer.Column("MODEL", "model"),
        new Printer.Column("ARCH", "arch"),
        new Printer.Column("FIRMWARE", "firmware"),
        new Printer.Column("GROUP", "group"),
        new Printer.Column("PROFILE", "profile"),
        new Printer.Column("BOOT", "boot"),
        new Printer.Column("STAGE", "verdict.stage"),
        new Printer.Column("OUTCOME", "verdict.outcome"),
        new Printer.Column("FIRST", "first"),
        new Printer.Column("LAST", "last"),
        new Printer.Column("INSTALL", "install.warning"));
  }
}
