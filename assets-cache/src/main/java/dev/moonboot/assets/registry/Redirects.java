package dev.moonboot.assets.registry;

import dev.moonboot.assets.registry.Guard.Role;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Follows redirects: a few, not in circles, never away from TLS, and to admitted places only. */
final class Redirects {
  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  private Redirects() {}

  /**
   * The answer at the end of all redirects.
   *
   * @param first headers for {@code start} itself
   * @param later those for all others, so without credentials: also should one lead back
   * @throws IOException when another try may succeed
   * @throws RegistryException when none will
   */
  static Answer follow(
      Transport transport,
      String method,
      URI start,
      Map<String, String> first,
      Map<String, String> later)
      throws IOException {
    Answer answer = transport.send(method, start, first, Role.REGISTRY);
    Set<URI> seen = new HashSet<>(List.of(start));
    while (STATUSES.contains(answer.status())) {
      answer.discard();
      URI next = target(answer);
      if (seen.size() > Limits.REDIRECTS) {
        throw refused(answer, "more than " + Limits.REDIRECTS + " redirects");
      }
      if (!seen.add(next)) {
        throw refused(answer, "a circle of redirects");
      }
      answer = transport.send(method, next, later, Role.REDIRECT);
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
    URI next = resolve(answer, location);
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

  /** What {@code location} means in that answer. */
  static URI resolve(Answer answer, String location) {
    try {
      return answer.uri().resolve(URI.create(location));
    } catch (IllegalArgumentException e) {
      throw refused(answer, "a redirect to nowhere that can be read");
    }
  }

  static RegistryException refused(Answer answer, String what) {
    return new RegistryException(
        Reason.REDIRECT_REFUSED, Hosts.shown(answer.uri()) + " answered with " + what);
  }
}
