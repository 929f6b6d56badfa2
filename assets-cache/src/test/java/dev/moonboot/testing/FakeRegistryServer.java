package dev.moonboot.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on loopback, so simple that it can break every rule: headers go out as they are, lengths
 * may be lies, and answers may stop anywhere.
 */
final class FakeRegistryServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Function<FakeRegistryRequest, FakeRegistryReply> answers;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  FakeRegistryServer(
      @Nullable FakeRegistryTls tls, Function<FakeRegistryRequest, FakeRegistryReply> answers) {
    this.answers = answers;
    ServerSocketFactory sockets =
        tls == null ? ServerSocketFactory.getDefault() : tls.context().getServerSocketFactory();
    try {
      listener = sockets.createServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fake-registry").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      var in = new BufferedInputStream(connection.getInputStream());
      FakeRegistryRequest request = request(in);
      while (request != null && send(request, answers.apply(request), connection)) {
        request = request(in);
      }
    } catch (IOException e) {
      // the client went away, or did not like our certificate
    } finally {
      connections.remove(connection);
    }
  }

  private static @Nullable FakeRegistryRequest request(InputStream in) throws IOException {
    String[] first = line(in).split(" ", 3);
    if (first.length < 3) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    URI target = URI.create(first[1]);
    return new FakeRegistryRequest(
        first[0], first[1], target.getPath(), target.getQuery(), Map.copyOf(headers), body);
  }

  private static String line(InputStream in) throws IOException {
    var text = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      text.write(b);
    }
    return text.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** True when the connection can be used again. */
  private boolean send(FakeRegistryRequest request, FakeRegistryReply reply, Socket connection)
      throws IOException {
    switch (reply.headerDelivery()) {
      case SENT -> {}
      case STALLED -> {
        pause(Long.MAX_VALUE);
        return false;
      }
      case HUNG_UP -> {
        return false;
      }
    }
    long announced = reply.announced() == null ? reply.body().length : reply.announced();
    OutputStream out = connection.getOutputStream();
    out.write(head(reply, announced).getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    if (request.method().equals("HEAD")) {
      return true;
    }
    boolean whole = body(reply, announced < 0, out);
    return whole && (announced < 0 || announced == reply.body().length);
  }

  private static String head(FakeRegistryReply reply, long announced) {
    var head = new StringBuilder("HTTP/1.1 ").append(reply.status()).append(" Fake\r\n");
    reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append(
        announced < 0 ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + announced + "\r\n");
    return head.append("\r\n").toString();
  }

  private boolean body(FakeRegistryReply reply, boolean chunked, OutputStream out)
      throws IOException {
    byte[] body = reply.body();
    Integer stall = reply.stallAfter();
    Integer cut = reply.cutAfter();
    int end = Math.min(stall == null ? body.length : stall, cut == null ? body.length : cut);
    int step = Math.min(reply.trickleBytes(), 1 << 16);
    for (int at = 0; at < Math.min(end, body.length); at += step) {
      int count = Math.min(step, Math.min(end, body.length) - at);
      chunk(chunked, body, at, count, out);
      if (reply.trickle() > 0) {
        pause(reply.trickle());
      }
    }
    if (stall != null && stall <= end) {
      pause(Long.MAX_VALUE);
    }
    if (end < body.length) {
      return false;
    }
    if (chunked) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
    return true;
  }

  private static void chunk(boolean chunked, byte[] body, int at, int count, OutputStream out)
      throws IOException {
    if (chunked) {
      out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    out.write(body, at, count);
    if (chunked) {
      out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    out.flush();
  }

  private void pause(long millis) throws IOException {
    try {
      if (closed.await(millis, TimeUnit.MILLISECONDS)) {
        throw new IOException("closed");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      listener.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
