package dev.moonboot.http;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.boot.GrubScript;
import dev.moonboot.boot.IpxeScript;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.secret.ConfigUrls;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What nodes ask for. Paths match exactly, case included, once they are decoded. */
final class BootRoutes implements Routes {
  private final BootPlanner planner;
  private final AssetRoutes assets;
  private final ConfigRoutes configs;
  private final ReleasePaths paths;
  private final Health health;
  private final BootEvents events;
  private final EventLog log;

  BootRoutes(
      BootPlanner planner,
      AssetRoutes assets,
      ConfigRoutes configs,
      ReleasePaths paths,
      Health health,
      BootEvents events,
      EventLog log) {
    this.planner = planner;
    this.assets = assets;
    this.configs = configs;
    this.paths = paths;
    this.health = health;
    this.events = events;
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
        if (path.startsWith(ConfigUrls.FOLDER)) {
          yield configs.answer(request, path.substring(ConfigUrls.FOLDER.length()));
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
    BootAnswer answer = plan(request, labels);
    events.answered(request, labels, answer);
    return switch (answer) {
      case BootAnswer.Plan(var plan) -> {
        paths.told(request.client(), plan.named());
        yield Reply.uncached(200, render.apply(plan));
      }
      case BootAnswer.NoMatch _ -> ErrorResponses.notFound();
      case BootAnswer.NotReady(var _, var channel) -> ErrorResponses.notReady(channel);
    };
  }

  private BootAnswer plan(Request request, NodeLabels labels) {
    try {
      return configs.fill(planner.plan(labels), request, labels);
    } catch (RuntimeException e) {
      events.failed(request, labels);
      throw e;
    }
  }
}
