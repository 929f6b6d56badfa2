package dev.moonboot.assets.registry;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers a registry's 401: with user and password (RFC 7617), or with a token from its token
 * server (distribution's "Token Authentication Specification"; RFC 6750).
 */
final class Authorizer {
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,65536}");

  private final Transport transport;
  private final SourceImage.Repository source;
  private final RegistrySettings settings;
  private final RealmRule rule;
  private final RegistryRequests.Access access;
  private final AtomicReference<@Nullable String> header = new AtomicReference<>();

  Authorizer(
      Transport transport,
      SourceImage.Repository source,
      RegistrySettings settings,
      URI registry,
      RegistryRequests.Access access) {
    this.transport = transport;
    this.source = source;
    this.settings = settings;
    this.access = access;
    this.rule = new RealmRule(registry, settings.realmHosts());
  }

  /** The Authorization header that was good last time; for the registry's own origin only. */
  Optional<String> header() {
    return Optional.ofNullable(header.get());
  }

  /** What was in {@link #header} is no longer good. */
  void refused() {
    header.set(null);
  }

  /**
   * Gets a new {@link #header} as the challenges ask.
   *
   * @throws RegistryException when that cannot be, or must not
   */
  void satisfy(List<String> wwwAuthenticate) throws IOException {
    List<Challenge> challenges = Challenge.read(wwwAuthenticate);
    Optional<Challenge> bearer = find(challenges, "bearer");
    Optional<Login> login = Login.find(source, settings.dockerConfig());
    if (bearer.isPresent()) {
      header.set("Bearer " + token(bearer.get(), login));
    } else if (find(challenges, "basic").isPresent()) {
      header.set(
          login
              .map(Login::basic)
              .orElseThrow(() -> failed("asks for credentials, and docker's config has none")));
    } else {
      throw failed("asks for credentials in a way that is not known here");
    }
  }

  private static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
    return challenges.stream().filter(challenge -> challenge.scheme().equals(scheme)).findFirst();
  }

  private String token(Challenge challenge, Optional<Login> login) throws IOException {
    URI realm =
        rule.check(challenge.parameter("realm").orElseThrow(() -> failed("names no token server")));
    // Our own scope, whatever the challenge proposes: this repository, and no more of it than
    // what it is opened for.
    String query =
        challenge
                .parameter("service")
                .map(service -> "service=" + encoded(service) + "&")
                .orElse("")
            + "scope="
            + encoded("repository:" + source.path() + ":" + access.actions());
    try (Answer answer = ask(realm, query, login)) {
      return switch (answer.status()) {
        case 200 -> token(realm, answer);
        case 401, 403 -> throw failed("has a token server that does not accept our credentials");
        case 429, 503 ->
            throw new Retry.ComeBack(
                "token server " + Hosts.shown(realm) + " is busy",
                RetryAfter.read(answer.header("Retry-After"), answer.header("Date")));
        case 301, 302, 303, 307, 308 ->
            throw new RegistryException(
                Reason.AUTH_REALM_REFUSED,
                "token server " + Hosts.shown(realm) + " redirects: credentials are not sent on");
        default ->
            throw new IOException(
                "token server %s answered %d".formatted(Hosts.shown(realm), answer.status()));
      };
    }
  }

  private Answer ask(URI realm, String query, Optional<Login> login) throws IOException {
    if (login.filter(Login::refreshToken).isPresent()) {
      String form =
          "grant_type=refresh_token&client_id=moonboot&refresh_token="
              + encoded(login.get().password());
      return transport.send("POST", realm, Map.of(), Guard.Role.REALM, form + "&" + query);
    }
    String separator = realm.getRawQuery() == null ? "?" : "&";
    URI uri = URI.create(realm + separator + query);
    Map<String, String> headers =
        login.map(found -> Map.of("Authorization", found.basic())).orElse(Map.of());
    return transport.send("GET", uri, headers, Guard.Role.REALM);
  }

  private String token(URI realm, Answer answer) throws IOException {
    String what = "token server " + Hosts.shown(realm);
    try {
      Json.Obj json = ManifestReader.object(what, answer.body().all(Limits.TOKEN));
      return json.text("token")
          .or(() -> json.text("access_token"))
          .filter(token -> TOKEN.matcher(token).matches())
          .orElseThrow(() -> new RegistryException(Reason.MALFORMED, what + " gave no token"));
    } catch (Body.TooLong e) {
      throw new RegistryException(Reason.TOO_LARGE, what + " answered at length", e, null);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private RegistryException failed(String what) {
    return new RegistryException(Reason.AUTH_FAILED, "registry " + source.registry() + " " + what);
  }
}
