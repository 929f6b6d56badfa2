package dev.moonboot.assets.registry;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Requests below one repository, with credentials where the registry asks for them, and followed to
 * where it redirects.
 */
final class RegistryRequests implements AutoCloseable {
  private final Transport transport;
  private final Authorizer authorizer;
  private final URI base;

  RegistryRequests(Network network, SourceImage.Repository source, RegistrySettings settings) {
    this.base = base(source, settings);
    this.transport = new Transport(network, settings);
    this.authorizer = new Authorizer(transport, source, settings, base);
  }

  private static URI base(SourceImage.Repository source, RegistrySettings settings) {
    try {
      URI uri = URI.create("https://" + source.registry() + "/v2/" + source.path() + "/");
      boolean plain =
          settings.plainHttp().contains(source.registry())
              || settings.plainHttp().contains(Hosts.of(uri));
      return plain ? URI.create("http" + uri.toString().substring("https".length())) : uri;
    } catch (IllegalArgumentException e) {
      throw new RegistryException(
          Reason.UNREACHABLE, "registry " + source.registry() + ": not a host name", e, null);
    }
  }

  /**
   * Asks for {@code path} below the repository. The answer has status 200, 206, 405 or 416.
   *
   * @throws IOException when another try may succeed
   * @throws RegistryException when none will
   */
  Answer send(String method, String path, Map<String, String> headers) throws IOException {
    URI uri = base.resolve(path);
    Answer answer = follow(method, uri, headers);
    if (answer.status() == 401 && isHome(answer.uri())) {
      answer.discard();
      authorizer.satisfy(answer.headers().allValues("WWW-Authenticate"));
      answer = follow(method, uri, headers);
      if (answer.status() == 401 && isHome(answer.uri())) {
        authorizer.refused();
      }
    }
    return switch (answer.status()) {
      case 200, 206, 405, 416 -> answer;
      default -> {
        answer.discard();
        throw failure(method + " " + uri, answer);
      }
    };
  }

  private boolean isHome(URI uri) {
    return Hosts.origin(uri).equals(Hosts.origin(base));
  }

  private Answer follow(String method, URI start, Map<String, String> headers) throws IOException {
    Map<String, String> first = new HashMap<>(headers);
    authorizer.header().ifPresent(value -> first.put("Authorization", value));
    Answer answer = transport.send(method, start, first, Guard.Role.REGISTRY);
    Set<URI> seen = new HashSet<>(Set.of(start));
    while (List.of(301, 302, 303, 307, 308).contains(answer.status())) {
      answer.discard();
      URI next = target(answer);
      if (seen.size() > Limits.REDIRECTS) {
        throw refused(answer, "more than " + Limits.REDIRECTS + " redirects");
      }
      if (!seen.add(next)) {
        throw refused(answer, "a circle of redirects");
      }
      // From the first redirect on without credentials, also should it lead back.
      answer = transport.send(method, next, headers, Guard.Role.REDIRECT);
    }
    return answer;
  }

  private static URI target(Answer answer) {
    String location = answer.header("Location");
    if (location == null
        || !location.matches("[\\x21-\\x7e]+")
        || location.matches("(?i).*%0[ad].*")) {
      throw refused(answer, "a redirect to nowhere that can be read");
    }
    URI next;
    try {
      next = answer.uri().resolve(URI.create(location));
    } catch (IllegalArgumentException e) {
      throw refused(answer, "a redirect to nowhere that can be read");
    }
    boolean secure = "https".equalsIgnoreCase(next.getScheme());
    boolean stillPlain =
        "http".equalsIgnoreCase(next.getScheme())
            && "http".equalsIgnoreCase(answer.uri().getScheme());
    if (!secure && !stillPlain) {
      throw refused(answer, "a redirect to " + next.getScheme() + "://, away from https");
    }
    if (next.getRawUserInfo() != null) {
      throw refused(answer, "a redirect that names a user");
    }
    return next;
  }

  private static RegistryException refused(Answer answer, String what) {
    return new RegistryException(
        Reason.REDIRECT_REFUSED, Hosts.shown(answer.uri()) + " answered with " + what);
  }

  private IOException failure(String request, Answer answer) {
    String what =
        request + (isHome(answer.uri()) ? "" : ", redirected to " + Hosts.shown(answer.uri()));
    return switch (answer.status()) {
      case 404 -> throw new RegistryException(Reason.NOT_FOUND, what + ": not found (404)");
      case 401, 403 ->
          throw new RegistryException(
              Reason.AUTH_FAILED,
              "%s: refused (%d); check the credentials in docker's config, and that they may read"
                      .formatted(what, answer.status())
                  + " the repository");
      case 429, 503 ->
          new Retry.ComeBack(
              what + ": come back later (" + answer.status() + ")",
              RetryAfter.read(answer.header("Retry-After"), answer.header("Date")));
      default -> {
        if (answer.status() >= 500) {
          yield new IOException(what + ": server error " + answer.status());
        }
        throw new RegistryException(
            Reason.UNREACHABLE, what + ": unexpected answer " + answer.status());
      }
    };
  }

  @Override
  public void close() {
    transport.close();
  }
}
