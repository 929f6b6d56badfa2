package dev.moonboot.http;

import dev.moonboot.assets.Refresh;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.Following;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people and monitoring on this machine ask for. Nobody is asked for a password, so a web page
 * must not be able to call: requests that a browser sends for another site (they carry Origin, or a
 * foreign Host after DNS rebinding) are refused.
 */
final class AdminRoutes implements Routes {
  private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern REFRESH = Pattern.compile("/admin/v1/channels/([^/]+)/refresh");

  /** No scripts, no frames, no referrer, no reads by another site, and nothing kept. */
  private static final Map<String, String> PROTECTION =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  private final Following following;
  private final Health health;
  private final Meters meters;
  private final EventLog log;

  AdminRoutes(Following following, Health health, Meters meters, EventLog log) {
    this.following = following;
    this.health = health;
    this.meters = meters;
    this.log = log;
  }

  @Override
  public Reply answer(Request request) {
    String id = ErrorResponses.id();
    return guarded(request, id).with(PROTECTION).with("X-Request-Id", id);
  }

  private Reply guarded(Request request, String id) {
    if (request.header("Origin").isPresent() || !isOurs(request)) {
      log.warning(
          "admin_refused",
          "client",
          request.client(),
          "id",
          id,
          "host",
          request.header("Host").orElse(""),
          "origin",
          request.header("Origin").orElse(""));
      return ErrorResponses.problem(
          403,
          "Forbidden",
          "this listener answers programs on this machine: call it as localhost, and without an"
              + " Origin header",
          id);
    }
    if (request.announcesBody()) {
      return ErrorResponses.problem(
          413, "Content Too Large", "nothing here takes a request body: send none", id);
    }
    Matcher refresh = REFRESH.matcher(request.path());
    return refresh.matches() ? refresh(request, refresh.group(1), id) : read(request, id);
  }

  private static boolean isOurs(Request request) {
    String host = request.header("Host").orElse("");
    return HOSTS.contains(PORT.matcher(host).replaceFirst(""));
  }

  private Reply read(Request request, String id) {
    Optional<Reply> reply =
        switch (request.path()) {
          case "/admin/v1/channels" -> Optional.of(ChannelJson.list(following.statuses()));
          case "/metrics" ->
              Optional.of(
                  Reply.typed(200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape()));
          case "/livez" -> Optional.of(HealthRoutes.detailed(health.live()));
          case "/readyz" -> Optional.of(HealthRoutes.detailed(health.ready()));
          default -> Optional.empty();
        };
    if (reply.isEmpty()) {
      return ErrorResponses.problem(
          404,
          "Not Found",
          "no such endpoint; there are /admin/v1/channels, /metrics, /livez and /readyz",
          id);
    }
    return request.isRead() ? reply.get() : wrongMethod(request, "GET, HEAD", id);
  }

  private Reply refresh(Request request, String channel, String id) {
    if (!request.method().equals("POST")) {
      return wrongMethod(request, "POST", id);
    }
    Optional<Refresh> outcome = following.refreshNow(channel);
    log.info(
        "admin_refresh",
        "client",
        request.client(),
        "id",
        id,
        "channel",
        channel,
        "known",
        String.valueOf(outcome.isPresent()));
    return outcome
        .map(done -> ChannelJson.outcome(channel, done))
        .orElseGet(() ->
            ErrorResponses.problem(
                404,
                "No such channel",
                "no channel is called \"" + channel + "\"; GET /admin/v1/channels lists them",
                id));
  }

  private static Reply wrongMethod(Request request, String allowed, String id) {
    return ErrorResponses.problem(
            405,
            "Method Not Allowed",
            request.method() + " is not for " + request.path() + "; use " + allowed,
            id)
        .with("Allow", allowed);
  }
}
