package dev.moonboot.http;

import dev.moonboot.http.Health.Check;
import java.util.List;

/** {@code /livez} and {@code /readyz}: in two words for the network. */
final class HealthRoutes {
  private HealthRoutes() {}

  /** For whoever asks: {@code ok} or {@code not ready}, nothing else. */
  static Reply brief(List<Check> checks) {
    boolean well = Health.isWell(checks);
    return Reply.uncached(well ? 200 : 503, well ? "ok\n" : "not ready\n");
  }
}
