package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code moonboot admin groups}. */
@Command(
    name = "groups",
    description = "List groups, best first: of those that match a node the first one wins.",
    mixinStandardHelpOptions = true,
    subcommands = {GroupsCommand.Get.class, GroupsCommand.Put.class, GroupsCommand.Delete.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin groups",
      "  moonboot admin groups get pi > pi.json",
      "  moonboot admin groups put pi.json"
    })
final class GroupsCommand extends AdminCall {
  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj answer = client.get(CatalogCommand.GROUPS);
    if (options.json) {
      printer.json(answer);
    } else {
      printer.rows(
          answer.array("groups").orElse(List.of()),
          "there are no groups",
          new Printer.Column("GROUP", "group"),
          new Printer.Column("PROFILE", "profile"),
          new Printer.Column("SELECTOR", "selectorText"),
          new Printer.Column("NAME", "name"),
          new Printer.Column("PROBLEM", "problem"));
    }
  }

  @Command(
      name = "get",
      description = "Print one in matchbox's format, with *** for secrets.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin groups get pi > pi.json")
  static final class Get extends CatalogCommand.GetOne {
    Get() {
      super(CatalogCommand.GROUPS);
    }
  }

  @Command(
      name = "put",
      description = "Write one; in force when the command returns.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin groups put pi.json")
  static final class Put extends CatalogCommand.PutOne {
    Put() {
      super(CatalogCommand.GROUPS);
    }
  }

  @Command(
      name = "delete",
      description = "Delete one.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin groups delete pi")
  static final class Delete extends CatalogCommand.DeleteOne {
    Delete() {
      super(CatalogCommand.GROUPS);
    }
  }
}
