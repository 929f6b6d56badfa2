package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code moonboot admin profiles}. */
@Command(
    name = "profiles",
    description = "List profiles: what each boots, and which groups use it.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ProfilesCommand.Get.class,
      ProfilesCommand.Put.class,
      ProfilesCommand.Delete.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin profiles",
      "  moonboot admin profiles get talos-arm64 > talos-arm64.json",
      "  moonboot admin profiles put talos-arm64.json"
    })
final class ProfilesCommand extends AdminCall {
  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj answer = client.get(CatalogCommand.PROFILES);
    if (options.json) {
      printer.json(answer);
    } else {
      printer.rows(
          answer.array("profiles").orElse(List.of()),
          "there are no profiles",
          new Printer.Column("PROFILE", "profile"),
          new Printer.Column("CHANNEL", "channel"),
          new Printer.Column("VERSION", "version"),
          new Printer.Column("RELEASE", "release"),
          new Printer.Column("BY", "by"),
          new Printer.Column("GROUPS", "groups"),
          new Printer.Column("PROBLEM", "problem"));
    }
  }

  @Command(
      name = "get",
      description = "Print one in matchbox's format, with *** for secrets.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin profiles get talos-arm64 > talos-arm64.json")
  static final class Get extends CatalogCommand.GetOne {
    Get() {
      super(CatalogCommand.PROFILES);
    }
  }

  @Command(
      name = "put",
      description = "Write one; in force when the command returns.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin profiles put talos-arm64.json")
  static final class Put extends CatalogCommand.PutOne {
    Put() {
      super(CatalogCommand.PROFILES);
    }
  }

  @Command(
      name = "delete",
      description = "Delete one.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin profiles delete talos-arm64")
  static final class Delete extends CatalogCommand.DeleteOne {
    Delete() {
      super(CatalogCommand.PROFILES);
    }
  }
}
