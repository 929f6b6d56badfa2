package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has a running moonboot look at channels now, one after the other, and tells how far it is. */
public final class ChannelRefresh {
  private ChannelRefresh() {}

  /**
   * Does it for each, whatever came of those before.
   *
   * @return 0 when each has the head that it is to have, else what {@code moonboot admin} ends with
   */
  public static int run(
      AdminOptions options, List<String> channels, PrintWriter out, PrintWriter err) {
    try (AdminClient client = new AdminClient(ClientSettings.of(options, System.getenv()))) {
      var printer = new Printer(out, Printer.onTerminal());
      List<Json> outcomes = new ArrayList<>();
      boolean good = true;
      for (String channel : channels) {
        Json.Obj done = refresh(client, channel, err);
        String outcome = AdminCall.text(done, "outcome");
        good &= outcome.equals("updated") || outcome.equals("unchanged");
        outcomes.add(done);
        if (!options.json) {
          printer.line(summary(channel, done));
        }
      }
      if (options.json) {
        printer.json(new Json.Obj(Map.of("channels", new Json.Arr(outcomes))));
      }
      return good ? 0 : CliException.FAILED;
    } catch (CliException e) {
      err.println("moonboot: " + e.getMessage());
      return e.exitCode();
    }
  }

  private static Json.Obj refresh(AdminClient client, String channel, PrintWriter err) {
    String path = ChannelsCommand.ALL + "/" + AdminClient.encode(channel) + "/refresh";
    return JobWatch.outcome(
        client, client.change("POST", path, new Json.Obj(Map.of()), Map.of()), err);
  }

  /** {@code compute: updated, v1.13.9 sha256:…}. */
  static String summary(String channel, Json.Obj done) {
    String reason = done.text("reason").orElse("");
    String outcome = AdminCall.text(done, "outcome");
    return reason.isEmpty()
        ? "%s: %s, %s %s"
            .formatted(
                channel, outcome, AdminCall.text(done, "version"), AdminCall.text(done, "release"))
        : "%s: %s: %s".formatted(channel, outcome, reason);
  }
}
