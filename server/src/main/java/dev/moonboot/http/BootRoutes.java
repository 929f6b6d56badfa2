package dev.moonboot.http;

import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.boot.GrubScript;
import dev.moonboot.boot.IpxeScript;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.release.ReleasePaths;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What nodes ask for. Paths match exactly, case included, once they are decoded. */
final class BootRoutes implements Routes {
  private final BootPlanner planner;
  private final AssetRoutes assets;
  private final ReleasePaths paths;
  private final Health health;
  private final Meters meters;
  private final EventLog log;

  BootRoutes(
      BootPlanner planner,
      AssetRoutes assets,
      ReleasePaths paths,
      Health health,
      Meters meters,
      EventLog log) {
    this.planner = planner;
    this.assets = assets;
    this.paths = paths;
    this.health = health;
    this.meters = meters;
    this.log = log;
  }

  @Override
  public Reply answer(Request request) throws IOException {
    return checked(request).with("X-Content-Type-Options", "nosniff");
  }

  private Reply checked(Request request) throws IOException {
    if (!request.isRead()) {
      return ErrorResponses.methodNotAllowed("GET, HEAD");
    }
    if (request.announcesBody()) {
      return ErrorResponses.bodyRefused();
    }
    if (hasControl(request.query())) {
      return ErrorResponses.badRequest();
    }
    String clean = RequestPath.clean(request.path());
    if (!clean.equals(request.path()) || (clean + "/").equals(AssetRoutes.FOLDER)) {
      return Redirects.to(clean.equals(request.path()) ? AssetRoutes.FOLDER : clean, request);
    }
    Optional<String> path = RequestPath.decode(clean);
    return path.isPresent() ? route(request, path.get()) : ErrorResponses.badRequest();
  }

  /** A NUL in a label would end it for some readers and not for others. */
  private static boolean hasControl(@Nullable String query) {
    return query != null
        && (query.contains("%00") || query.chars().anyMatch(c -> c < ' ' || c == 0x7f));
  }

  private Reply route(Request request, String path) throws IOException {
    return switch (path) {
      case "/" -> Reply.uncached(200, "matchbox\n");
      case "/boot.ipxe", "/boot.ipxe.0" -> Reply.uncached(200, IpxeScript.CHAIN);
      case "/ipxe" -> boot(request, IpxeScript::render);
      case "/grub" -> boot(request, GrubScript::render);
      case "/livez" -> HealthRoutes.brief(health.live());
      case "/readyz" -> HealthRoutes.brief(health.ready());
      default -> {
        if (path.startsWith(AssetRoutes.FOLDER)) {
          yield assets.answer(request, path.substring(AssetRoutes.FOLDER.length()));
        }
        log.info(
            "not_found",
            "client",
            request.client(),
            "path",
            request.path(),
            "why",
            "no such endpoint");
        yield ErrorResponses.notFound();
      }
    };
  }

  private Reply boot(Request request, Function<BootPlan, String> render) {
    NodeLabels labels = NodeLabels.of(request.query());
    return switch (plan(labels)) {
      case BootAnswer.Plan(var plan) -> {
        meters.boot(plan.profile(), "plan");
        paths.told(request.client(), plan.named());
        logBoot(request, labels, plan);
        yield Reply.uncached(200, render.apply(plan));
      }
      case BootAnswer.NoMatch(var why) -> {
        meters.boot("", "no_match");
        log.info(
            "no_match",
            "client",
            request.client(),
            "node",
            node(labels),
            "target",
            request.target(),
            "why",
            why);
        yield ErrorResponses.notFound();
      }
      case BootAnswer.NotReady(var profile, var channel) -> {
        meters.boot(profile, "not_ready");
        log.info(
            "not_ready",
            "client",
            request.client(),
            "node",
            node(labels),
            "profile",
            profile,
            "channel",
            channel);
        yield ErrorResponses.notReady(channel);
      }
    };
  }

  private BootAnswer plan(NodeLabels labels) {
    try {
      return planner.plan(labels);
    } catch (RuntimeException e) {
      meters.boot("", "error");
      throw e;
    }
  }

  private void logBoot(Request request, NodeLabels labels, BootPlan plan) {
    Release release = plan.release();
    log.info(
        "boot",
        "node",
        node(labels),
        "arch",
        labels.value("arch"),
        "group",
        plan.group(),
        "profile",
        plan.profile(),
        "release",
        release == null ? "none" : release.digest().toString(),
        "by",
        plan.by().name().toLowerCase(Locale.ROOT),
        "client",
        request.client());
  }

  private static String node(NodeLabels labels) {
    return labels.mac().orElse("unknown").toLowerCase(Locale.ROOT);
  }
}
