package dev.moonboot.assets.registry;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a registry may lead us. Every URL is admitted here before it is asked; {@link
 * Tunnel}, which connects to names, connects only to the addresses that were admitted for them.
 *
 * <p>Behind a proxy the proxy resolves names, so only addresses written as such can be judged here.
 */
final class Guard {
  /** Why a URL is asked. */
  enum Role {
    /** It is the registry that was configured. */
    REGISTRY(Reason.UNREACHABLE),
    /** The registry redirected there. */
    REDIRECT(Reason.REDIRECT_REFUSED),
    /** The registry sent us there for a token. */
    REALM(Reason.AUTH_REALM_REFUSED);

    private final Reason refusal;

    Role(Reason refusal) {
      this.refusal = refusal;
    }

    Reason refusal() {
      return refusal;
    }
  }

  private final Network network;
  private final @Nullable OutgoingProxy proxy;
  private final Set<String> plainHttp;
  private final Map<String, List<InetAddress>> admitted = new ConcurrentHashMap<>();
  // The registry's own reach when first seen: it may not come nearer later (DNS rebinding).
  private final AtomicReference<@Nullable Reach> home = new AtomicReference<>();

  Guard(Network network, @Nullable OutgoingProxy proxy, RegistrySettings settings) {
    this.network = network;
    this.proxy = proxy;
    this.plainHttp = settings.plainHttp();
  }

  /**
   * Admits a URL.
   *
   * @throws RegistryException when it must not be asked
   * @throws IOException when its name cannot be resolved now
   */
  void admit(URI uri, Role role) throws IOException {
    String host = host(uri, role);
    boolean plain = "http".equalsIgnoreCase(uri.getScheme());
    if (plain && !plainHttp.contains(host) && !plainHttp.contains(host + ":" + Hosts.port(uri))) {
      throw refused(uri, role, "plain HTTP is not configured for it");
    }
    List<InetAddress> addresses = addresses(host);
    for (InetAddress address : addresses) {
      Reach reach = Reach.of(address);
      if (reach == Reach.FORBIDDEN) {
        throw refused(uri, role, "address " + address.getHostAddress() + " is never connected to");
      }
      if (plain && reach == Reach.PUBLIC) {
        throw refused(
            uri,
            role,
            "plain HTTP is for loopback and private addresses only, and it is at "
                + address.getHostAddress()
                + "; take it out of plainHttp");
      }
    }
    judge(uri, role, addresses);
    admitted.put(host, addresses);
  }

  private void judge(URI uri, Role role, List<InetAddress> addresses) {
    Reach nearest =
        addresses.stream().map(Reach::of).min(Comparator.naturalOrder()).orElse(Reach.PUBLIC);
    if (role == Role.REGISTRY) {
      home.compareAndSet(null, nearest);
    }
    Reach from = home.get();
    if (from != null && nearest.compareTo(from) < 0) {
      throw refused(
          uri,
          role,
          "a %s address (%s) is nothing a %s registry may lead to"
              .formatted(name(nearest), addresses.getFirst().getHostAddress(), name(from)));
    }
  }

  private static String name(Reach reach) {
    return switch (reach) {
      case LOOPBACK -> "loopback";
      case PRIVATE -> "private";
      case PUBLIC -> "public";
      case FORBIDDEN -> "forbidden";
    };
  }

  private static String host(URI uri, Role role) {
    try {
      return Hosts.of(uri);
    } catch (IllegalArgumentException e) {
      throw refused(uri, role, String.valueOf(e.getMessage()));
    }
  }

  /** Empty when a proxy will resolve the name. */
  private List<InetAddress> addresses(String host) throws IOException {
    Optional<InetAddress> literal = Hosts.literal(host);
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    if (proxy != null && proxy.serves(host)) {
      return List.of();
    }
    try {
      return network.resolve(host);
    } catch (UnknownHostException e) {
      throw new IOException("the name " + host + " cannot be resolved", e);
    }
  }

  /** What was admitted for the host; empty list for a name that the proxy resolves. */
  Optional<List<InetAddress>> admitted(String host) {
    return Optional.ofNullable(admitted.get(host));
  }

  private static RegistryException refused(URI uri, Role role, String why) {
    return new RegistryException(
        role.refusal(), "refused to connect to " + Hosts.shown(uri) + ": " + why);
  }
}
