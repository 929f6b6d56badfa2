package dev.moonboot.http;

import io.helidon.common.GenericType;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.NioSocket;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.DateTime;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.spi.Sink;
import io.helidon.webserver.http.spi.SinkProviderContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers straight to the connection's channel, while Helidon keeps its connection. One
 * thing of that is not public in Helidon, the channel itself; where it cannot be had, bytes go
 * through Helidon's own writer.
 */
final class ReplySink implements Sink<ReplySink.Exchange> {
  static final GenericType<ReplySink> TYPE = GenericType.create(ReplySink.class);

  /** A request with its answer. */
  record Exchange(Request request, Reply reply) {}

  private static final @Nullable VarHandle CHANNEL = channelField();

  private final GuardedContext connection;
  private final Runnable sent;

  ReplySink(SinkProviderContext context) {
    this.connection = (GuardedContext) context.connectionContext();
    this.sent = context.closeRunnable();
  }

  private static @Nullable VarHandle channelField() {
    try {
      return MethodHandles.privateLookupIn(NioSocket.class, MethodHandles.lookup())
          .findVarHandle(NioSocket.class, "delegate", SocketChannel.class);
    } catch (ReflectiveOperationException e) {
      System.getLogger(ReplySink.class.getName())
          .log(Level.WARNING, "event=no_zero_copy why=" + e + " effect=more_cpu_per_byte");
      return null;
    }
  }

  private static @Nullable SocketChannel channel(HelidonSocket socket) {
    if (CHANNEL == null || socket.getClass() != NioSocket.class) {
      return null; // TLS, for one: bytes have to pass through it
    }
    return (SocketChannel) CHANNEL.get((NioSocket) socket);
  }

  @Override
  public ReplySink emit(Exchange exchange) {
    Pulse pulse = connection.pulse();
    if (exchange.reply().body().length() == Body.UNKNOWN) {
      connection.heads().end(); // nothing else tells where it ends
    }
    pulse.writing();
    Output out =
        new Output(channel(connection.serverSocket()), connection.whole().dataWriter(), pulse);
    try {
      write(exchange, out);
    } catch (IOException | UncheckedIOException | SocketWriterException e) {
      // nothing more can be said on this connection, and a peer that left is nothing to log
      throw new ServerConnectionException("answer not delivered", e);
    } finally {
      pulse.answering();
    }
    return this;
  }

  private static void write(Exchange exchange, Output out) throws IOException {
    Body body = exchange.reply().body();
    ByteBuffer head = ByteBuffer.wrap(head(exchange).getBytes(StandardCharsets.ISO_8859_1));
    out.write(head);
    if (!exchange.request().isHead()) {
      body.writeTo(out);
    }
  }

  private static String head(Exchange exchange) {
    Reply reply = exchange.reply();
    StringBuilder head = new StringBuilder(512);
    head.append("HTTP/1.1 ").append(reply.status()).append(' ');
    head.append(Status.create(reply.status()).reasonPhrase()).append("\r\n");
    // Helidon's cached bytes end with a line end
    head.append("Date: ").append(new String(DateTime.http1Bytes(), StandardCharsets.US_ASCII));
    reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    boolean endless = reply.body().length() == Body.UNKNOWN;
    if (reply.status() != 304 && !endless) {
      head.append("Content-Length: ").append(reply.body().length()).append("\r\n");
    }
    if (endless || exchange.request().header("Connection").filter("close"::equals).isPresent()) {
      head.append("Connection: close\r\n");
    }
    return head.append("\r\n").toString();
  }

  @Override
  public void close() {
    sent.run();
  }
}
