package dev.moonboot.http;

import dev.moonboot.factory.FactoryException;
import dev.moonboot.factory.OrderStatus;
import java.time.Duration;

/** How an Image Factory says that there is nothing, or nothing yet. */
final class FactoryReplies {
  private final EventLog log;

  FactoryReplies(EventLog log) {
    this.log = log;
  }

  Reply coming(Request request, Duration again) {
    log.info("factory_coming", "client", request.client(), "path", request.path());
    return later("being composed: ask again", again);
  }

  static Reply full(Duration again) {
    return later("too much waits to be composed already", again);
  }

  Reply failed(Request request, OrderStatus.Failed failed) {
    log.info(
        "factory_failed", "client", request.client(), "path", request.path(), "why", failed.why());
    return failed.status() == 503
        ? later(failed.why(), failed.again())
        : refusal(failed.status(), failed.why());
  }

  Reply refused(Request request, FactoryException e) {
    String why = String.valueOf(e.getMessage());
    log.info("factory_refused", "client", request.client(), "path", request.path(), "why", why);
    return e.status() == 503 ? later(why, Duration.ofSeconds(10)) : refusal(e.status(), why);
  }

  static Reply later(String why, Duration again) {
    return refusal(503, why).with("Retry-After", String.valueOf(again.toSeconds()));
  }

  /** On one line of printable ASCII, for firmware shows it. */
  static Reply refusal(int status, String why) {
    return Reply.uncached(status, why.replaceAll("[^\\x20-\\x7e]", "?") + "\n");
  }
}
