package dev.moonboot.assets.registry;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.Guard.Role;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests below one repository, with credentials where the registry asks for them, and followed to
 * where it redirects.
 */
final class RegistryRequests implements AutoCloseable {
  /** RFC 8288; a registry sends one link and no other parameters. */
  private static final Pattern NEXT =
      Pattern.compile("^\\s*<([^>]{1,2048})>\\s*;\\s*rel=\"?next\"?", Pattern.CASE_INSENSITIVE);

  /** What is asked to be allowed. */
  enum Access {
    READ("pull", "read"),
    WRITE("pull,push", "write to");

    private final String actions;
    private final String verb;

    Access(String actions, String verb) {
      this.actions = actions;
      this.verb = verb;
    }

    /** As a token server understands it ("Token Scope Documentation" of distribution). */
    String actions() {
      return actions;
    }
  }

  private final Transport transport;
  private final Authorizer authorizer;
  private final URI base;
  private final Access access;

  /** For reading. */
  RegistryRequests(Network network, SourceImage.Repository source, RegistrySettings settings) {
    this(network, source, settings, Access.READ);
  }

  RegistryRequests(
      Network network, SourceImage.Repository source, RegistrySettings settings, Access access) {
    this.base = base(source, settings);
    this.transport = new Transport(network, settings);
    this.authorizer = new Authorizer(transport, source, settings, base, access);
    this.access = access;
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

  /** What to ask for, as one answer's Link header has it; only of the same registry. */
  Optional<URI> next(Answer answer) {
    return answer.headers().allValues("Link").stream()
        .map(NEXT::matcher)
        .filter(Matcher::find)
        .findFirst()
        .map(link -> {
          URI next = Redirects.resolve(answer, link.group(1));
          if (!isHome(next)) {
            throw Redirects.refused(answer, "a next page at another place, " + Hosts.shown(next));
          }
          return next;
        });
  }

  /**
   * Asks for what not every registry knows: below the repository, or the next page of it. Empty
   * when this registry does not know such things: it says so by 404 and other codes, and some by a
   * redirect to pages for people, which is why none is followed.
   *
   * @throws IOException when another try may succeed
   * @throws RegistryException when none will
   */
  Optional<Answer> sendUnlessUnknown(URI uri, Map<String, String> headers) throws IOException {
    Answer answer = authorized(() -> transport.send("GET", uri, withLogin(headers), Role.REGISTRY));
    int status = answer.status();
    if (status == 200) {
      return Optional.of(answer);
    }
    answer.discard();
    if (status == 401 || status == 403 || status == 429 || (status >= 500 && status != 501)) {
      throw failure("GET " + uri, answer);
    }
    return Optional.empty();
  }

  /** Where {@code path} below the repository is. */
  URI uri(String path) {
    return base.resolve(path);
  }

  /**
   * Asks for {@code path} below the repository. The answer has status 200, 206, 405 or 416.
   *
   * @throws IOException when another try may succeed
   * @throws RegistryException when none will
   */
  Answer send(String method, String path, Map<String, String> headers) throws IOException {
    URI uri = uri(path);
    Answer answer =
        authorized(() -> Redirects.follow(transport, method, uri, withLogin(headers), headers));
    return switch (answer.status()) {
      case 200, 206, 405, 416 -> answer;
      default -> {
        answer.discard();
        throw failure(method + " " + uri, answer);
      }
    };
  }

  /**
   * Changes what the registry has. No redirect is followed: body and credentials are for the
   * registry alone.
   *
   * @return what says that it was done
   * @throws IOException when another try may succeed
   * @throws RegistryException when none will
   */
  Answer write(String method, URI uri, Map<String, String> headers, Transport.Payload payload)
      throws IOException {
    Answer answer =
        authorized(() -> transport.send(method, uri, withLogin(headers), Role.REGISTRY, payload));
    if (answer.status() / 100 == 2) {
      return answer;
    }
    String why = RegistryErrors.text(answer);
    throw failure(method + " " + Hosts.shown(uri) + uri.getRawPath() + why, answer);
  }

  /** Where an upload goes on; only at the same registry. */
  URI location(Answer begun) {
    String location = begun.header("Location");
    URI next = Redirects.resolve(begun, location == null ? "" : location);
    if (location == null || !isHome(next)) {
      throw Redirects.refused(
          begun, "an upload that goes on elsewhere, at " + Hosts.shown(next) + ": not sent there");
    }
    return next;
  }

  private interface Exchange {
    Answer run() throws IOException;
  }

  private Answer authorized(Exchange exchange) throws IOException {
    Answer answer = exchange.run();
    if (answer.status() == 401 && isHome(answer.uri())) {
      answer.discard();
      authorizer.satisfy(answer.headers().allValues("WWW-Authenticate"));
      answer = exchange.run();
      if (answer.status() == 401 && isHome(answer.uri())) {
        authorizer.refused();
      }
    }
    return answer;
  }

  private Map<String, String> withLogin(Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    authorizer.header().ifPresent(value -> all.put("Authorization", value));
    return all;
  }

  private boolean isHome(URI uri) {
    return Hosts.origin(uri).equals(Hosts.origin(base));
  }

  private IOException failure(String request, Answer answer) {
    String what =
        request + (isHome(answer.uri()) ? "" : ", redirected to " + Hosts.shown(answer.uri()));
    return switch (answer.status()) {
      case 404 -> throw new RegistryException(Reason.NOT_FOUND, what + ": not found (404)");
      case 401, 403 ->
          throw new RegistryException(
              Reason.AUTH_FAILED,
              "%s: refused (%d); check the credentials in docker's config, and that they may %s"
                      .formatted(what, answer.status(), access.verb)
                  + " the repository");
      case 413 ->
          throw new RegistryException(
              Reason.TOO_LARGE,
              what
                  + ": it is more than is taken at once (413); raise that limit of the registry, or of"
                  + " the proxy before it (nginx: client_max_body_size)");
      case 429, 503 -> {
        Duration after = RetryAfter.read(answer.header("Retry-After"), answer.header("Date"));
        yield new Retry.ComeBack(
            "%s: come back later (%d%s)"
                .formatted(
                    what,
                    answer.status(),
                    after == null ? "" : ", not within " + after.toSeconds() + " s"),
            after);
      }
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
