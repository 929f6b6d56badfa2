package dev.moonboot.admin;

import dev.moonboot.http.Health;
import dev.moonboot.http.Health.Check;
import dev.moonboot.http.Reply;
import dev.moonboot.metrics.Meters;
import java.util.List;

/** The appliance as a whole: is it well, and its figures. */
final class ApplianceRoutes implements Resource {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Health health;
  private final Meters meters;

  ApplianceRoutes(Health health, Meters meters) {
    this.health = health;
    this.meters = meters;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.open("/livez", "getLive", _ -> checks(health.live())),
        Endpoint.open("/readyz", "getReady", _ -> checks(health.ready())),
        Endpoint.get("/metrics", "getMetrics", _ -> Reply.typed(200, PROMETHEUS, meters.scrape())));
  }

  private static Reply checks(List<Check> checks) {
    boolean well = Health.isWell(checks);
    Members members = new Members().flag("ok", well);
    members.list(
        "checks",
        checks.stream()
            .map(check ->
                new Members()
                    .text("part", check.part())
                    .flag("ok", check.ok())
                    .text("detail", check.detail())
                    .json())
            .toList());
    return Replies.json(well ? 200 : 503, members.json());
  }
}
