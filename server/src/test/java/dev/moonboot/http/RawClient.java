package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends bytes as they are and reads answers as they come: nothing is tidied up in between. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** An answer; {@code head} is its header block with the line ends. */
  @SuppressWarnings("ArrayRecordComponent") // a body is compared by its own
  public record Answer(int status, Map<String, String> headers, byte[] body, String head) {
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "(absent)");
    }

    public boolean has(String name) {
      return headers.containsKey(name.toLowerCase(Locale.ROOT));
    }

    public String text() {
      return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  public static RawClient connect(InetSocketAddress server) throws IOException {
    return connect(server, null, 0);
  }

  /**
   * Connects.
   *
   * @param from a loopback address to come from; null for any
   * @param receiveBuffer in bytes; 0 for the system's choice
   */
  public static RawClient connect(
      InetSocketAddress server, @Nullable String from, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    if (from != null) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    }
    socket.connect(server, 10_000);
    return new RawClient(socket);
  }

  /** One request on a connection of its own. */
  public static Answer get(InetSocketAddress server, String target, String... headers)
      throws IOException {
    return ask(server, "GET", target, headers);
  }

  /** One request on a connection of its own. */
  public static Answer ask(
      InetSocketAddress server, String method, String target, String... headers)
      throws IOException {
    try (RawClient client = connect(server)) {
      client.request(method, target, headers);
      return client.read(method);
    }
  }

  /** Sends a whole request of HTTP/1.1 with a Host. */
  public RawClient request(String method, String target, String... headers) throws IOException {
    StringBuilder head =
        new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return send(head + "\r\n");
  }

  public RawClient send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads one answer; its body is as long as Content-Length says, which has to be there. */
  public Answer read(String method) throws IOException {
    String head = head();
    int status = Integer.parseInt(head.substring(9, 12));
    Map<String, String> headers = new TreeMap<>();
    head.lines()
        .skip(1)
        .filter(line -> !line.isEmpty())
        .forEach(line -> {
          int colon = line.indexOf(':');
          headers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        });
    boolean empty = method.equals("HEAD") || status == 304;
    int length = empty ? 0 : Integer.parseInt(requireNonNull(headers.get("content-length"), head));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("body ended after " + body.length + " of " + length);
    }
    return new Answer(status, headers, body, head);
  }

  private String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("closed after: " + text);
      }
      head.write(b);
      text = b == '\n' ? head.toString(ISO_8859_1) : "";
    }
    return text;
  }

  /** True when the server closes without one byte more. */
  public boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException e) {
      return true; // reset
    }
  }

  /** Everything until the server closes, decently or not. */
  public String rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
    } catch (java.net.SocketException e) {
      // reset after what came before
    }
    return all.toString(ISO_8859_1);
  }

  public InputStream stream() {
    return in;
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
