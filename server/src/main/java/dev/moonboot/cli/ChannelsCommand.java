package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moonboot admin channels}. */
@Command(
    name = "channels",
    description = "List channels: state, head, when it was looked at.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ChannelsCommand.Show.class,
      ChannelsCommand.Refresh.class,
      ChannelsCommand.Hold.class,
      ChannelsCommand.Follow.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin channels",
      "  moonboot admin channels refresh custom",
      "  moonboot admin channels hold custom --reason 'release freeze'"
    })
final class ChannelsCommand extends AdminCall {
  static final String ALL = "/admin/v1/channels";

  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj channels = client.get(ALL);
    if (options.json) {
      printer.json(channels);
    } else {
      print(channels, printer);
    }
  }

  static void print(Json.Obj channels, Printer printer) {
    List<Json> all = channels.array("channels").orElse(List.of());
    List<Printer.Column> columns = new ArrayList<>();
    columns.add(new Printer.Column("CHANNEL", "name"));
    columns.add(new Printer.Column("CONTENT", "content"));
    columns.add(new Printer.Column("STATE", "state"));
    columns.add(new Printer.Column("VERSION", "version"));
    columns.add(new Printer.Column("RELEASE", "release"));
    columns.add(new Printer.Column("LAST CHECK", "lastCheck"));
    columns.add(new Printer.Column("IMAGE", "image"));
    columns.add(new Printer.Column("REASON", "reason"));
    if (all.stream().anyMatch(ChannelsCommand::isPushed)) {
      columns.add(new Printer.Column("PUSH", "push.state"));
      columns.add(new Printer.Column("WHY NOT", "push.reason"));
    }
    printer.rows(all, "no channel is configured", columns.toArray(Printer.Column[]::new));
  }

  private static boolean isPushed(Json channel) {
    return channel instanceof Json.Obj of && of.object("push").isPresent();
  }

  /** A command about one channel. */
  abstract static class OnChannel extends AdminCall {
    @Parameters(paramLabel = "CHANNEL", description = "The channel's name.")
    @Nullable String channel;

    final String path() {
      return ALL + "/" + AdminClient.encode(given(channel));
    }
  }

  @Command(
      name = "show",
      description = "Show one channel with the history of its heads.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin channels show custom")
  static final class Show extends OnChannel {
    @Override
    void run(AdminClient client, Printer printer) {
      Json.Obj answer = client.get(path());
      if (options.json) {
        printer.json(answer);
      } else {
        printer.details(answer);
      }
    }
  }

  @Command(
      name = "refresh",
      description = "Look at a channel now, and bring its new release here if it moved.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin channels refresh custom")
  static final class Refresh extends OnChannel {
    @Override
    void run(AdminClient client, Printer printer) {
      Json.Obj done = outcome(client, client.change("POST", path() + "/refresh", body(), Map.of()));
      String outcome = text(done, "outcome");
      told(printer, done, ChannelRefresh.summary(given(channel), done));
      if (!outcome.equals("updated") && !outcome.equals("unchanged")) {
        throw new CliException(
            CliException.FAILED, "channel %s did not take a new head".formatted(channel));
      }
    }
  }

  @Command(
      name = "hold",
      description = "Do not follow a channel for now: its head stays.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin channels hold custom --reason 'release freeze'")
  static final class Hold extends OnChannel {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
    private String reason = "";

    @Override
    void run(AdminClient client, Printer printer) {
      Answer answer = client.change("POST", path() + "/hold", body("reason", reason), Map.of());
      told(printer, outcome(client, answer), "channel " + channel + " is held: its head stays");
    }
  }

  @Command(
      name = "follow",
      description = "Follow a channel again.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin channels follow custom --reason 'freeze is over'")
  static final class Follow extends OnChannel {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
    private String reason = "";

    @Option(
        names = "--accept",
        paramLabel = "DIGEST",
        description = "Let its tag go back to that digest; needs the role admin.")
    private String accept = "";

    @Override
    void run(AdminClient client, Printer printer) {
      Answer answer =
          client.change(
              "POST", path() + "/follow", body("reason", reason, "accept", accept), Map.of());
      told(printer, outcome(client, answer), "channel " + channel + " is followed");
    }
  }
}
