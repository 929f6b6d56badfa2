package dev.moonboot.assets.registry;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on loopback that only our own HTTP client uses, and that connects to names for it.
 *
 * <p>java.net.http resolves a name by itself when it connects, later than any check of ours could,
 * and offers no way to give it an address while keeping the name for TLS and Host. Told to use a
 * proxy it resolves nothing: it asks the proxy for the name, and TLS runs from end to end through
 * it. So names are connected to here, at the addresses that {@link Guard} admitted and no others. A
 * JVM-wide resolver ({@code InetAddressResolverProvider}) would not do: addresses are cached in
 * front of it, for the whole process.
 *
 * <p>Other users of this machine cannot use it: a request must carry {@link #pass}.
 */
final class Tunnel implements AutoCloseable {
  /**
   * By which an answer to a plain request tells why no connection came about. No server can send
   * it: {@link #closing} lets no header of a proxy pass.
   */
  static final String FAILURE = "Proxy-Failure";

  private static final int MAX_HEAD = 64 << 10;
  // RFC 8305 (happy eyeballs), simplified: where a name has several addresses, none may hold up the
  // others for longer than this before all are given their full time.
  private static final Duration FIRST_ROUND = Duration.ofMillis(300);

  /**
   * A request to this proxy.
   *
   * @param plain the request for the server itself; empty for CONNECT
   * @param bodyLength of a plain request, in bytes
   */
  private record Head(String host, int port, String plain, long bodyLength) {
    boolean isConnect() {
      return plain.isEmpty();
    }
  }

  private final Network network;
  private final Guard guard;
  private final @Nullable OutgoingProxy proxy;
  private final Duration patience;
  private final ServerSocket listener;
  private final String pass = "Tunnel " + secret();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, String> failures = new ConcurrentHashMap<>();

  Tunnel(Network network, Guard guard, @Nullable OutgoingProxy proxy, Duration patience) {
    this.network = network;
    this.guard = guard;
    this.proxy = proxy;
    this.patience = patience;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on loopback", e);
    }
    Thread.ofPlatform().daemon().name("registry-tunnel").start(this::accept);
  }

  private static String secret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  /** What the client must send as {@code Proxy-Authorization}. */
  String pass() {
    return pass;
  }

  /**
   * Why no connection for a CONNECT to that host came about just now, if that is so. The client
   * shows nothing of our answer to CONNECT; any other is told by {@link #FAILURE}.
   */
  Optional<String> failure(String host) {
    return Optional.ofNullable(failures.remove(host));
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        track(client);
        Thread.ofPlatform().daemon().name("registry-tunnel-client").start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** Remembers what {@link #close} must close, which may have begun meanwhile. */
  private void track(Socket socket) throws IOException {
    open.add(socket);
    if (listener.isClosed()) {
      socket.close();
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      Optional<Head> head = head(in);
      if (head.isEmpty()) {
        refuse(client, "not a request of ours");
        return;
      }
      Optional<Socket> target = target(head.get(), client);
      if (target.isPresent()) {
        relay(head.get(), in, client, target.get());
      }
    } catch (IOException e) {
      // the client went away
    } finally {
      open.remove(client);
    }
  }

  /** Empty when none came about, which the client has been told then. */
  private Optional<Socket> target(Head head, Socket client) throws IOException {
    try {
      return Optional.of(connect(head));
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (head.isConnect()) {
        failures.put(head.host(), why);
      }
      refuse(client, why);
      return Optional.empty();
    }
  }

  private void relay(Head head, InputStream in, Socket client, Socket target) throws IOException {
    try (target) {
      track(target);
      if (head.isConnect()) {
        client.getOutputStream().write(ascii("HTTP/1.1 200 Connected\r\n\r\n"));
      } else {
        target.getOutputStream().write(ascii(head.plain()));
      }
      Thread up =
          Thread.ofPlatform()
              .daemon()
              .name("registry-tunnel-up")
              .start(() -> pumpUp(head, in, client, target));
      pumpDown(head.isConnect(), client, target);
      up.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(target);
    }
  }

  private static void refuse(Socket client, String why) throws IOException {
    String answer =
        "HTTP/1.1 502 No\r\n%s: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .formatted(FAILURE, why.replaceAll("[^\\x20-\\x7e]", "?"));
    client.getOutputStream().write(ascii(answer));
  }

  /** Empty when it is nothing our own client would send. */
  private Optional<Head> head(InputStream in) throws IOException {
    List<String> lines = lines(in);
    String[] first = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", 3);
    if (first.length != 3 || !mayPass(lines)) {
      return Optional.empty();
    }
    boolean connect = first[0].equals("CONNECT");
    URI uri = URI.create(connect ? "https://" + first[1] : first[1]);
    return Optional.of(
        new Head(
            Hosts.of(uri),
            Hosts.port(uri),
            connect ? "" : originForm(first[0], uri, lines),
            connect ? 0 : bodyLength(lines)));
  }

  /** The lines of an HTTP message up to the empty one; none when it is cut or too long. */
  private static List<String> lines(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n", Math.max(0, text.length() - 4)) < 0) {
      int b = in.read();
      if (b < 0 || text.length() > MAX_HEAD) {
        return List.of();
      }
      text.append((char) b);
    }
    return text.toString().lines().filter(line -> !line.isEmpty()).toList();
  }

  private static long bodyLength(List<String> lines) {
    return lines.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
        .map(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0L);
  }

  private boolean mayPass(List<String> lines) {
    byte[] expected = ascii("proxy-authorization: " + pass.toLowerCase(Locale.ROOT));
    return lines.stream()
        .anyMatch(line -> MessageDigest.isEqual(expected, ascii(line.toLowerCase(Locale.ROOT))));
  }

  /** A plain request as the server itself expects it (RFC 9112, 3.2.1). */
  private static String originForm(String method, URI uri, List<String> lines) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return closing(method + " " + uri.getRawPath() + query + " HTTP/1.1", lines);
  }

  /**
   * A message with another first line, and the last one on its connection: else the client, to
   * which this is one proxy for all servers, would send the next request here for whichever it is
   * meant.
   */
  private static String closing(String first, List<String> lines) {
    List<String> kept = new ArrayList<>(List.of(first));
    lines.stream()
        .skip(1)
        .filter(
            line -> !line.toLowerCase(Locale.ROOT).matches("(proxy-|connection:|keep-alive:).*"))
        .forEach(kept::add);
    kept.add("Connection: close");
    return String.join("\r\n", kept) + "\r\n\r\n";
  }

  private Socket connect(Head head) throws IOException {
    List<InetAddress> addresses =
        guard
            .admitted(head.host())
            .orElseThrow(() -> new IOException("nothing was admitted for " + head.host()));
    if (proxy == null || !proxy.serves(head.host())) {
      return connect(addresses, head.port());
    }
    Socket socket = connect(network.resolve(proxy.host()), proxy.port());
    try {
      socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
      proxy.connect(socket, head.host(), head.port());
      socket.setSoTimeout(0);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private Socket connect(List<InetAddress> addresses, int port) throws IOException {
    if (addresses.size() > 1 && FIRST_ROUND.compareTo(patience) < 0) {
      for (InetAddress address : addresses) {
        try {
          return network.connect(new InetSocketAddress(address, port), FIRST_ROUND);
        } catch (IOException e) {
          // the next one; this one again below
        }
      }
    }
    IOException last = new IOException("no address");
    for (InetAddress address : addresses) {
      try {
        return network.connect(new InetSocketAddress(address, port), patience);
      } catch (IOException e) {
        last =
            new IOException(
                "connecting to " + address.getHostAddress() + ":" + port + ": " + e.getMessage(),
                e);
      }
    }
    throw last;
  }

  /**
   * From the client until it closes; then nothing of the connection is wanted any more. Of a plain
   * request its body, and nothing behind it.
   */
  private static void pumpUp(Head head, InputStream from, Socket client, Socket target) {
    try (client;
        target) {
      OutputStream to = target.getOutputStream();
      if (head.isConnect()) {
        copy(from, to, Long.MAX_VALUE);
      } else {
        copy(from, to, head.bodyLength());
        from.read();
      }
    } catch (IOException e) {
      // closed by the other direction, or cut: the client sees that itself
    }
  }

  /** To the client until the target closes; the client then reads what is left, and closes. */
  private static void pumpDown(boolean connect, Socket client, Socket target) throws IOException {
    InputStream from = new BufferedInputStream(target.getInputStream());
    OutputStream to = client.getOutputStream();
    if (!connect) {
      List<String> lines = lines(from);
      if (lines.isEmpty()) {
        client.close();
        return;
      }
      to.write(ascii(closing(lines.getFirst(), lines)));
    }
    copy(from, to, Long.MAX_VALUE);
    client.shutdownOutput();
  }

  private static void copy(InputStream from, OutputStream to, long most) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long left = most;
    while (left > 0) {
      int n = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        return;
      }
      to.write(buffer, 0, n);
      left -= n;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
