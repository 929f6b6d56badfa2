package dev.moonboot.assets.registry;

import com.google.common.net.InternetDomainName;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Host names as they stand in URLs. */
final class Hosts {
  private static final Pattern ENDS_IN_NUMBER =
      Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");
  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");

  private Hosts() {}

  /**
   * The host in one spelling: lower case, without brackets or the root's dot.
   *
   * @throws IllegalArgumentException when there is none, or it is a number in another spelling than
   *     the usual one ({@code 2130706433}, {@code 0x7f.1}): libraries read those differently
   */
  static String of(URI uri) {
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw new IllegalArgumentException("no host name");
    }
    if (host.startsWith("[")) {
      return host.substring(1, host.length() - 1).toLowerCase(Locale.ROOT);
    }
    if (ENDS_IN_NUMBER.matcher(host).matches() && !DOTTED_QUAD.matcher(host).matches()) {
      throw new IllegalArgumentException("\"" + host + "\" is no usual spelling of an address");
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  /** The address, if the host is one and no name. */
  static Optional<InetAddress> literal(String host) {
    if (host.indexOf(':') < 0 && !DOTTED_QUAD.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether two names belong to one owner, by the public suffix list: {@code a.x.io, b.x.io}. */
  static boolean shareDomain(String one, String other) {
    String domain = registrable(one);
    return domain != null && domain.equals(registrable(other));
  }

  private static @Nullable String registrable(String host) {
    if (literal(host).isPresent() || !InternetDomainName.isValid(host)) {
      return null;
    }
    InternetDomainName name = InternetDomainName.from(host);
    return name.isUnderPublicSuffix() ? name.topPrivateDomain().toString() : null;
  }

  /** The port, by the scheme where none is written. */
  static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /** Scheme, host and port: what credentials are bound to (RFC 6454). */
  static String origin(URI uri) {
    return (uri.getScheme() + "://" + of(uri) + ":" + port(uri)).toLowerCase(Locale.ROOT);
  }

  /**
   * The URL for messages: only its origin. The rest may hold secrets, our own included, since a
   * registry chooses where it redirects to.
   */
  static String shown(URI uri) {
    int port = uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + (port < 0 ? "" : ":" + port);
  }
}
