package dev.moonboot.http;

import dev.moonboot.http.Health.Check;
import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /livez} and {@code /readyz}: in two words for the network, part by part for people. */
final class HealthRoutes {
  private HealthRoutes() {}

  /** For whoever asks: {@code ok} or {@code not ready}, nothing else. */
  static Reply brief(List<Check> checks) {
    boolean well = Health.isWell(checks);
    return Reply.uncached(well ? 200 : 503, well ? "ok\n" : "not ready\n");
  }

  /** For people on this machine: each part's state and why. */
  static Reply detailed(List<Check> checks) {
    boolean well = Health.isWell(checks);
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("ok", new Json.Bool(well));
    members.put("checks", new Json.Arr(checks.stream().map(HealthRoutes::json).toList()));
    return Reply.typed(well ? 200 : 503, "application/json", new Json.Obj(members).pretty());
  }

  private static Json json(Check check) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("part", new Json.Str(check.part()));
    members.put("ok", new Json.Bool(check.ok()));
    members.put("detail", new Json.Str(check.detail()));
    return new Json.Obj(members);
  }
}
