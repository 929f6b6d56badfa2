package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has a running moonboot look at channels now, one after the other, and tells how far it is. */
public final class ChannelRefresh {
  private ChannelRefresh() {}

  /**
   * Does it for each, whatever came of those before.
   *
   * @param out for each that has the head that it is to have; for programs, for all
   * @param err for the others, with the reason
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
        outcomes.add(named(channel, done));
        if (!isGood(done)) {
          good = false;
          err.println("moonboot: " + Cell.clean(summary(channel, done)));
        } else if (!options.json) {
          printer.line(summary(channel, done));
        }
      }
      if (options.json) {
        printer.json(new Json.Obj(Map.of("builds", new Json.Arr(outcomes))));
      }
      return good ? 0 : CliException.FAILED;
    } catch (CliException e) {
      err.println("moonboot: " + e.getMessage());
      return e.exitCode();
    }
  }

  private static boolean isGood(Json.Obj done) {
    String outcome = AdminCall.text(done, "outcome");
    return outcome.equals("updated") || outcome.equals("unchanged");
  }

  private static Json.Obj refresh(AdminClient client, String channel, PrintWriter err) {
    String path = ChannelsCommand.ALL + "/" + AdminClient.encode(channel) + "/refresh";
    try {
      return JobWatch.outcome(
          client, client.change("POST", path, new Json.Obj(Map.of()), Map.of()), err);
    } catch (CliException e) {
      if (e.exitCode() != CliException.FAILED) { // which is so for all
        throw e;
      }
      return AdminCall.body("outcome", "failed", "reason", String.valueOf(e.getMessage()));
    }
  }

  private static Json.Obj named(String channel, Json.Obj done) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(channel));
    members.putAll(done.members());
    members.remove("channel");
    return new Json.Obj(members);
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
