package dev.moonboot.assets.registry;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy for outgoing connections, used by CONNECT (RFC 9110, 9.3.6) for TLS and plain HTTP
 * alike. Which hosts go past it is decided as Go's {@code NO_PROXY} does: a name means itself and
 * all below it, {@code .name} only what is below, {@code *} everything; loopback never uses it.
 */
final class OutgoingProxy {
  private static final int MAX_ANSWER = 16 << 10;

  private final String host;
  private final int port;
  private final @Nullable String authorization;
  private final List<String> noProxy;

  private OutgoingProxy(URI uri, List<String> noProxy) {
    this.host = Hosts.of(uri);
    this.port = Hosts.port(uri);
    this.authorization = authorization(uri.getRawUserInfo());
    this.noProxy = noProxy;
  }

  static @Nullable OutgoingProxy of(RegistrySettings settings) {
    URI uri = settings.proxy();
    if (uri == null) {
      return null;
    }
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      throw new RegistryException(
          Reason.UNSUPPORTED,
          "proxy " + Hosts.shown(uri) + ": only http://[user:password@]host:port is known");
    }
    try {
      return new OutgoingProxy(uri, settings.noProxy());
    } catch (IllegalArgumentException e) {
      throw new RegistryException(Reason.UNSUPPORTED, "proxy: " + e.getMessage());
    }
  }

  private static @Nullable String authorization(@Nullable String userInfo) {
    if (userInfo == null) {
      return null;
    }
    String plain = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  /** Whether connections to that host (as {@link Hosts#of} gives it) go through this proxy. */
  boolean serves(String target) {
    Optional<InetAddress> literal = Hosts.literal(target);
    if (target.equals("localhost")
        || target.endsWith(".localhost")
        || literal.filter(address -> Reach.of(address) == Reach.LOOPBACK).isPresent()) {
      return false;
    }
    return noProxy.stream().noneMatch(rule -> excludes(rule.strip(), target, literal));
  }

  private static boolean excludes(String rule, String target, Optional<InetAddress> literal) {
    if (rule.equals("*")) {
      return true;
    }
    if (literal.isPresent()) {
      try {
        return Reach.Block.parse(rule).contains(literal.get());
      } catch (IllegalArgumentException e) {
        return false; // a name
      }
    }
    String name = rule.toLowerCase(Locale.ROOT);
    return !name.isEmpty()
        && (target.equals(name) || target.endsWith(name.startsWith(".") ? name : "." + name));
  }

  /** Makes a connection to the proxy into one to the target. */
  void connect(Socket socket, String target, int targetPort) throws IOException {
    String authority = (target.indexOf(':') < 0 ? target : "[" + target + "]") + ":" + targetPort;
    String head =
        "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
            .formatted(
                authority,
                authority,
                authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n");
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    String status = answer(socket.getInputStream()).split(" ", 3)[1];
    if (!status.startsWith("2")) {
      throw new IOException(
          "proxy %s:%d answered %s%s"
              .formatted(
                  host,
                  port,
                  status.replaceAll("[^0-9]", "?"),
                  status.equals("407") ? " (its user or password is wrong or missing)" : ""));
    }
  }

  private String answer(InputStream in) throws IOException {
    var text = new StringBuilder();
    // Byte by byte: what follows the empty line belongs to the target.
    while (text.length() < MAX_ANSWER && text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      text.append((char) b);
    }
    if (text.indexOf("\r\n\r\n") < 0 || !text.toString().startsWith("HTTP/1.")) {
      throw new IOException("proxy " + host + ":" + port + " does not speak HTTP");
    }
    return text.toString();
  }
}
