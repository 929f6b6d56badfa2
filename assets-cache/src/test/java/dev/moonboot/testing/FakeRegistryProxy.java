package dev.moonboot.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on loopback that knows CONNECT only, and leads every name to one port here. */
public final class FakeRegistryProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final String authorization;
  private final List<String> connects = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private FakeRegistryProxy(int target, String authorization) {
    this.target = target;
    this.authorization = authorization;
    try {
      listener = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /**
   * Starts one.
   *
   * @param target port on 127.0.0.1 that every connection is led to
   * @param authorization what Proxy-Authorization must be; empty for none
   */
  public static FakeRegistryProxy start(int target, String authorization) {
    return new FakeRegistryProxy(target, authorization);
  }

  /** {@code host:port} of this proxy. */
  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** The targets asked for, in order, as {@code host:port}. */
  public List<String> connects() {
    return List.copyOf(connects);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      // A client waits for our answer before it goes on, so nothing beyond the head is buffered.
      var in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      String[] first = String.valueOf(in.readLine()).split(" ", 3);
      boolean known = authorization.isEmpty();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        known |= line.equals("Proxy-Authorization: " + authorization);
      }
      if (!known || !first[0].equals("CONNECT")) {
        write(client, "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      connects.add(first[1]);
      try (Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
        open.add(server);
        write(client, "HTTP/1.1 200 OK\r\n\r\n");
        Thread.ofVirtual().start(() -> copy(client, server));
        copy(server, client);
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // closed
    }
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
