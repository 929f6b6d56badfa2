package dev.moonboot.dhcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A machine's firmware, or a relay, or another server: a socket on one interface. */
final class TestNode implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final Sockets sockets = new Sockets();
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final Channel channel;

  /** A packet that came, and from where. */
  record Heard(DhcpPacket packet, InetSocketAddress from, long at) {}

  private TestNode(String interfaceName, int port) throws IOException {
    var opening =
        sockets
            .loop()
            .submit(
                () -> sockets.open(interfaceName, new InetSocketAddress(port), true, new Inbound()))
            .awaitUninterruptibly();
    if (!opening.isSuccess()) {
      sockets.close(LONG);
      throw new IOException(Objects.requireNonNull(opening.cause()));
    }
    channel = opening.getNow();
  }

  static TestNode at(NetworkNamespace where, String interfaceName, int port) {
    return where.call(() -> new TestNode(interfaceName, port));
  }

  private final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      long now = System.nanoTime();
      DhcpPacket.parse(datagram.content().nioBuffer())
          .ifPresent(packet -> heard.add(new Heard(packet, datagram.sender(), now)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      System.err.println("test node: " + cause);
    }
  }

  void broadcast(Draft draft) {
    send(draft, new InetSocketAddress("255.255.255.255", Responder.SERVER_PORT));
  }

  void send(Draft draft, InetSocketAddress to) {
    var sent =
        channel
            .writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(draft.encode()), to))
            .awaitUninterruptibly();
    if (!sent.isSuccess()) {
      throw new AssertionError(sent.cause());
    }
  }

  /** Sends and goes on. */
  void pour(Draft draft) {
    var _ =
        channel.writeAndFlush(
            new DatagramPacket(
                Unpooled.wrappedBuffer(draft.encode()),
                new InetSocketAddress("255.255.255.255", Responder.SERVER_PORT)));
  }

  /** The next answer; fails when there is none for ten seconds. */
  Heard next() throws InterruptedException {
    return Objects.requireNonNull(
        heard.poll(LONG.toMillis(), TimeUnit.MILLISECONDS), "no answer for ten seconds");
  }

  /** The next answer, if one comes within a moment. */
  Optional<Heard> soon(Duration moment) throws InterruptedException {
    return Optional.ofNullable(heard.poll(moment.toMillis(), TimeUnit.MILLISECONDS));
  }

  static Inet4Address address(String text) {
    return Inet4Address.ofLiteral(text);
  }

  @Override
  public void close() {
    sockets.close(LONG);
  }
}
