package dev.moonboot.admin;

import dev.moonboot.http.Health;
import dev.moonboot.http.Health.Check;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.ChannelStatus;
import dev.moonboot.release.Following;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The appliance as a whole: is it well, its figures, and what this API is. */
final class ApplianceRoutes implements Resource {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Following following;
  private final Health health;
  private final Meters meters;
  private final Supplier<About> about;
  private final Tokens tokens;
  private final Json.Obj openApi;

  ApplianceRoutes(AdminApi.Subjects subjects, Tokens tokens, Json.Obj openApi) {
    this.following = subjects.following();
    this.health = subjects.health();
    this.meters = subjects.meters();
    this.about = subjects.about();
    this.tokens = tokens;
    this.openApi = openApi;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.open("/livez", "getLive", _ -> checks(health.live())),
        Endpoint.open("/readyz", "getReady", _ -> checks(health.ready())),
        Endpoint.get("/metrics", "getMetrics", _ -> Reply.typed(200, PROMETHEUS, meters.scrape())),
        Endpoint.get("/admin/v1/status", "getStatus", _ -> status()),
        Endpoint.get("/admin/v1/openapi.json", "getOpenApi", _ -> Replies.ok(openApi)));
  }

  private Reply status() {
    About now = about.get();
    List<String> troubles =
        Stream.of(now.troubles().stream(), channelTroubles(), Stream.of(tokens.trouble()))
            .flatMap(part -> part)
            .filter(trouble -> !trouble.isEmpty())
            .toList();
    return Replies.ok(
        new Members()
            .text("version", now.version())
            .text("started", now.started())
            .number("uptimeSeconds", Duration.between(now.started(), Instant.now()).toSeconds())
            .flag("ready", Health.isWell(health.ready()))
            .text("trust", now.trust())
            .texts("trustRules", now.trustRules())
            .flag("tokens", tokens.isConfigured())
            .texts("plainHttpRegistries", now.plainHttp())
            .texts("troubles", troubles)
            .json());
  }

  private Stream<String> channelTroubles() {
    return following.statuses().stream()
        .flatMap(channel ->
            Stream.concat(
                    channel.alarms().stream().map(ChannelStatus.Alarm::why),
                    Stream.of(channel.warning()).filter(warning -> !warning.isEmpty()))
                .map(why -> "channel " + channel.name() + ": " + why));
  }

  private static Reply checks(List<Check> checks) {
    boolean well = Health.isWell(checks);
    Members members = new Members().flag("ok", well);
    members.list("checks", checks.stream().map(ApplianceRoutes::check).toList());
    return Replies.json(well ? 200 : 503, members.json());
  }

  private static Json.Obj check(Check check) {
    return new Members()
        .text("part", check.part())
        .flag("ok", check.ok())
        .text("detail", check.detail())
        .json();
  }
}
