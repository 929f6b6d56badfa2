package dev.moonboot.http;

import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.secret.ConfigUrls;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What nodes ask for. Paths match exactly, case included, once they are decoded. */
final class BootRoutes implements Routes {
  private final OAuthRoutes oauth;
  private final RegistryRoutes registry;
  private final AssetRoutes assets;
  private final ConfigRoutes configs;
  private final NodeRoutes nodes;
  private final NodeFileRoutes firmware;
  private final SignedRoutes signed;
  private final FactoryRoutes factory;
  private final Health health;
  private final boolean nulAllowed;
  private final EventLog log;

  BootRoutes(
      OAuthRoutes oauth,
      RegistryRoutes registry,
      AssetRoutes assets,
      ConfigRoutes configs,
      NodeRoutes nodes,
      NodeFileRoutes firmware,
      SignedRoutes signed,
      FactoryRoutes factory,
      Health health,
      MatchboxWays ways,
      EventLog log) {
    this.oauth = oauth;
    this.registry = registry;
    this.assets = assets;
    this.configs = configs;
    this.nodes = nodes;
    this.firmware = firmware;
    this.signed = signed;
    this.factory = factory;
    this.health = health;
    this.nulAllowed = ways.controlCharacters();
    this.log = log;
  }

  @Override
  public Reply answer(Request request) throws IOException {
    return checked(request).with("X-Content-Type-Options", "nosniff");
  }

  private Reply checked(Request request) throws IOException {
    Optional<Reply> granted = oauth.answer(request);
    if (granted.isEmpty()) {
      granted = factory.posted(request);
    }
    if (granted.isPresent()) {
      return granted.get();
    }
    Optional<Reply> image = registry.answer(request);
    if (image.isPresent()) {
      return image.get();
    }
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
    boolean ours = clean.startsWith(NodeFileRoutes.FOLDER); // UEFI follows no redirect
    if (!ours && (!clean.equals(request.path()) || (clean + "/").equals(AssetRoutes.FOLDER))) {
      return Redirects.to(clean.equals(request.path()) ? AssetRoutes.FOLDER : clean, request);
    }
    Optional<String> path = RequestPath.decode(clean);
    return path.isPresent() ? route(request, path.get()) : ErrorResponses.badRequest();
  }

  /** A NUL in a label would end it for some readers and not for others. */
  private boolean hasControl(@Nullable String query) {
    return query != null
        && ((query.contains("%00") && !nulAllowed)
            || query.chars().anyMatch(c -> c < ' ' || c == 0x7f));
  }

  private Reply route(Request request, String path) throws IOException {
    return switch (path) {
      case "/" -> HomePage.answer(request, health);
      case "/livez" -> HealthRoutes.brief(health.live());
      case "/readyz" -> HealthRoutes.brief(health.ready());
      default -> {
        if (path.startsWith(AssetRoutes.FOLDER)) {
          String file = path.substring(AssetRoutes.FOLDER.length());
          Optional<Reply> approved = configs.approved(request, file);
          yield approved.isPresent() ? approved.get() : asset(request, path, file);
        }
        if (path.startsWith(ConfigUrls.FOLDER)) {
          yield configs.answer(request, path.substring(ConfigUrls.FOLDER.length()));
        }
        if (path.startsWith(NodeFileRoutes.FOLDER)) {
          yield firmware.answer(request, path).orElseGet(() -> nothing(request));
        }
        Optional<Reply> made = factory.answer(request, path);
        if (made.isPresent()) {
          yield made.get();
        }
        Optional<Reply> answer = nodes.answer(request, path).or(() -> signed.answer(request, path));
        yield answer.isPresent()
            ? answer.get()
            : firmware.answer(request, path).orElseGet(() -> nothing(request));
      }
    };
  }

  /** Beside a boot program among the assets there may be no script, but one is made for it. */
  private Reply asset(Request request, String path, String file) throws IOException {
    Reply reply = assets.answer(request, file);
    return reply.status() == 404 && NodeFileRoutes.isBesideLoader(path)
        ? firmware.answer(request, path).orElse(reply)
        : reply;
  }

  private Reply nothing(Request request) {
    log.info(
        "not_found", "client", request.client(), "path", request.path(), "why", "no such endpoint");
    return ErrorResponses.notFound();
  }
}
