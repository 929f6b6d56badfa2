package dev.moonboot.cli;

import picocli.CommandLine.Command;

/** {@code moonboot admin rollback}. */
@Command(
    name = "rollback",
    description =
        "Let a profile boot what it booted before. Needs no network, takes effect at once.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot admin rollback talos-arm64 --reason 'nodes hang at boot'")
final class RollbackCommand extends PinsCommand.OnPin {
  @Override
  void run(AdminClient client, Printer printer) {
    Answer answer =
        client.change(
            "POST",
            CatalogCommand.PROFILES + "/" + AdminClient.encode(given(profile)) + "/rollback",
            body("reason", reason, "expires", until()),
            condition());
    boots(printer, outcome(client, answer));
  }
}
