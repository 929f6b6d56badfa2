package dev.moonboot.tftp;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.udp.UdpLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that requests come to: one where it was told to listen, and when that is everywhere,
 * one more for each of our addresses that was asked, so that an error leaves from the address the
 * client knows. All on one port.
 */
@Sharable
final class RequestPorts extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final System.Logger LOG = System.getLogger(TftpListener.class.getName());
  private static final int MOST_ADDRESSES = 256;

  private final Sockets sockets;
  private final Sessions sessions;
  private final Map<InetAddress, Channel> byAddress = new HashMap<>();
  private final Channel main;
  private final InetSocketAddress address;

  RequestPorts(Sockets sockets, Sessions sessions, InetSocketAddress listen) throws IOException {
    this.sockets = sockets;
    this.sessions = sessions;
    this.main = sockets.open(listen, false, this);
    this.address = (InetSocketAddress) main.localAddress();
  }

  InetSocketAddress address() {
    return address;
  }

  boolean isOpen() {
    return main.isOpen();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
    InetAddress to = datagram.recipient().getAddress();
    Channel from =
        address.getAddress().isAnyLocalAddress() && !to.isAnyLocalAddress() ? at(to) : main;
    if (from == null) {
      return; // RFC 1123 section 4.2.3.4: a request to a broadcast address gets no answer
    }
    InetAddress local = ((InetSocketAddress) from.localAddress()).getAddress();
    var key = new Session.Key(datagram.sender(), new InetSocketAddress(local, address.getPort()));
    sessions.receive(
        key,
        TftpPacket.parse(datagram.content().nioBuffer()),
        (failure, client) -> reply(from, failure, client));
  }

  private static void reply(Channel from, Failure failure, InetSocketAddress client) {
    if (!from.isWritable()) {
      return; // lost on the way, as packets are: they must not pile up here
    }
    var packet = new DatagramPacket(Unpooled.wrappedBuffer(failure.encode()), client);
    var _ = from.writeAndFlush(packet, from.voidPromise()); // fails into the pipeline
  }

  /** The socket at our address {@code local}; null when it is not ours alone. */
  private @Nullable Channel at(InetAddress local) {
    Channel known = byAddress.get(local);
    if (known != null || !isOurs(local)) {
      return known;
    }
    if (byAddress.size() >= MOST_ADDRESSES) {
      return main;
    }
    Channel opened = open(local);
    byAddress.put(local, opened);
    return opened;
  }

  private Channel open(InetAddress local) {
    try {
      return sockets.open(new InetSocketAddress(local, address.getPort()), true, this);
    } catch (IOException e) {
      LOG.log(WARNING, "tftp address={0} result=not_bound why=\"{1}\"", local, e.getMessage());
      return main;
    }
  }

  private static boolean isOurs(InetAddress local) {
    try {
      return local.isLoopbackAddress() || NetworkInterface.getByInetAddress(local) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(DEBUG, "tftp result=not_received why=\"{0}\"", cause.getMessage());
  }

  /** Takes no more requests; on the event loop only. */
  void close() {
    byAddress.values().forEach(UdpLoop::close);
    UdpLoop.close(main);
  }
}
