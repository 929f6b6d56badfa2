package dev.moonboot.assets.registry;

import dev.moonboot.assets.registry.RegistryException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * Where a registry may send us for a token: to its own host, to one of the same registrable domain,
 * or to a configured one. Anything else could collect the registry's credentials (as in
 * CVE-2020-15157).
 *
 * @param registry the registry's own URL
 * @param allowed further hosts
 */
record RealmRule(URI registry, Set<String> allowed) {
  /**
   * The realm as a URL.
   *
   * @throws RegistryException when it must not be asked
   */
  URI check(String realm) {
    URI uri;
    String host;
    try {
      uri = new URI(realm);
      host = Hosts.of(uri);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw refused("a realm that is no URL of a host");
    }
    String shown = Hosts.shown(uri);
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw refused("realm " + shown + ", which names a user or fragment");
    }
    String home = Hosts.of(registry);
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    boolean plainAtHome =
        "http".equalsIgnoreCase(uri.getScheme())
            && "http".equals(registry.getScheme())
            && host.equals(home);
    if (!secure && !plainAtHome) {
      throw refused("realm " + shown + ", which is not https");
    }
    if (!host.equals(home)
        && !Hosts.shareDomain(host, home)
        && !allowed.contains(host)
        && !allowed.contains(host + ":" + Hosts.port(uri))) {
      throw refused(
          "realm %s: its host belongs to another domain; add %s to realmHosts if that is right"
              .formatted(shown, host));
    }
    return uri;
  }

  private RegistryException refused(String what) {
    return new RegistryException(
        Reason.AUTH_REALM_REFUSED,
        "registry " + registry.getHost() + " asks for a token of " + what);
  }
}
