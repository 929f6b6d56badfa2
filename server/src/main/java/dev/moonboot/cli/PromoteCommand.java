package dev.moonboot.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moonboot admin promote}. */
@Command(
    name = "promote",
    description = "Let a profile boot the release that another profile boots now.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot admin promote talos-arm64 --from canary --reason 'a day without trouble'")
final class PromoteCommand extends PinsCommand.OnPin {
  @Option(
      names = "--from",
      paramLabel = "PROFILE",
      required = true,
      description = "The profile whose release is taken.")
  private @Nullable String from;

  @Override
  void run(AdminClient client, Printer printer) {
    Answer answer =
        client.change(
            "POST",
            CatalogCommand.PROFILES + "/" + AdminClient.encode(given(profile)) + "/promote",
            body("from", given(from), "reason", reason, "expires", until()),
            condition());
    boots(printer, outcome(client, answer));
  }
}
