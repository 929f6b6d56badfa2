package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moonboot admin releases}. */
@Command(
    name = "releases",
    description = "List the releases that are held, newest first.",
    mixinStandardHelpOptions = true,
    subcommands = {ReleasesCommand.Show.class, ReleasesCommand.Diff.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin releases --channel custom",
      "  moonboot admin releases diff 1f3a9c02 8b77d1e4"
    })
final class ReleasesCommand extends AdminCall {
  static final String ALL = "/admin/v1/releases";

  @Option(names = "--channel", paramLabel = "NAME", description = "Only those of one channel.")
  private String channel = "";

  @Option(names = "--profile", paramLabel = "NAME", description = "Only what a profile boots.")
  private String profile = "";

  @Override
  void run(AdminClient client, Printer printer) {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("channel", channel);
    filter.put("profile", profile);
    Json.Obj releases = client.get(ALL + AdminClient.query(filter));
    if (options.json) {
      printer.json(releases);
    } else {
      printer.rows(
          releases.array("releases").orElse(List.of()),
          "no release is held",
          new Printer.Column("RELEASE", "release"),
          new Printer.Column("VERSION", "version"),
          new Printer.Column("STANDING", "standing.state"),
          new Printer.Column("CHANNELS", "channels"),
          new Printer.Column("PROFILES", "profiles"),
          new Printer.Column("SIZE", "size"),
          new Printer.Column("CREATED", "created"),
          new Printer.Column("LAST SERVED", "lastServed"),
          new Printer.Column("WHY", "standing.why"));
    }
  }

  @Command(
      name = "show",
      description = "Show what a release holds, where it came from and why it was let in.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin releases show 1f3a9c02")
  static final class Show extends AdminCall {
    @Parameters(
        paramLabel = "DIGEST",
        description = "sha256:HEX, or its first hex digits (8 or more).")
    private @Nullable String digest;

    @Override
    void run(AdminClient client, Printer printer) {
      Json.Obj release = client.get(ALL + "/" + AdminClient.encode(given(digest)));
      if (options.json) {
        printer.json(release);
      } else {
        printer.details(release);
      }
    }
  }

  @Command(
      name = "diff",
      description = "Say what changes for a node from one release to another.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin releases diff 1f3a9c02 8b77d1e4")
  static final class Diff extends AdminCall {
    @Parameters(index = "0", paramLabel = "FROM", description = "A digest, or its first digits.")
    private @Nullable String from;

    @Parameters(index = "1", paramLabel = "TO", description = "A digest, or its first digits.")
    private @Nullable String to;

    @Override
    void run(AdminClient client, Printer printer) {
      Json.Obj diff =
          client.get(
              "%s/%s/diff/%s"
                  .formatted(ALL, AdminClient.encode(given(from)), AdminClient.encode(given(to))));
      if (options.json) {
        printer.json(diff);
      } else {
        DiffTable.print(diff, printer);
      }
    }
  }
}
