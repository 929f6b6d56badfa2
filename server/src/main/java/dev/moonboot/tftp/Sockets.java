package dev.moonboot.tftp;

import static io.netty.channel.ChannelOption.SO_RCVBUF;
import static io.netty.channel.ChannelOption.SO_REUSEADDR;
import static io.netty.channel.ChannelOption.SO_SNDBUF;

import dev.moonboot.udp.UdpLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * UDP sockets on one event loop: over epoll where its library loads, else over NIO.
 *
 * <p>A transfer has a socket of its own, connected to its client, also where all share one port:
 * the kernel hands a packet to the socket that matches it best (udp(7), {@code SO_REUSEADDR}). So
 * it leaves from the address the client asked, an ICMP error belongs to one transfer, and nothing
 * has to be looked up for an ACK.
 */
final class Sockets {
  /** The kernel holds this much for requests that come in one burst. */
  private static final int REQUEST_BUFFER = 1 << 20;

  private static final int TRANSFER_BUFFER = 512 * 1024;

  private final boolean epoll;
  private final UdpLoop udp;
  private final Runnable bound;

  /** Over the best there is on this machine. */
  Sockets() {
    this(Epoll.isAvailable());
  }

  /** Over epoll, or over NIO. */
  Sockets(boolean epoll) {
    this(epoll, () -> {});
  }

  /**
   * @param bound run when the socket of a transfer is bound and not yet connected; for tests
   */
  Sockets(boolean epoll, Runnable bound) {
    this.epoll = epoll;
    this.udp = new UdpLoop("tftp", epoll);
    this.bound = bound;
  }

  /** The one thread of all sockets. */
  EventLoop loop() {
    return udp.loop();
  }

  boolean isClosed() {
    return udp.isClosed();
  }

  /** Closes all sockets and ends the thread, waiting for that at most {@code most}. */
  void close(Duration most) {
    udp.close(most);
  }

  /** Whether one call may send a whole window (UDP generic segmentation offload, Linux 4.18). */
  boolean sendsSegments() {
    return epoll && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  /**
   * A socket that takes requests from anyone. When {@code shared}, others of ours may have the port
   * already; else it must be free, and from then on others of ours may join. On the event loop
   * only.
   */
  Channel open(InetSocketAddress at, boolean shared, ChannelHandler handler) throws IOException {
    Channel channel = udp.socket(false, handler);
    try {
      if (epoll) {
        channel.config().setOption(EpollChannelOption.IP_RECVORIGDSTADDR, true);
      }
      channel.config().setOption(SO_RCVBUF, REQUEST_BUFFER);
      channel.config().setOption(SO_REUSEADDR, shared);
      udp.done(channel, channel.bind(at));
      channel.config().setOption(SO_REUSEADDR, true);
      return channel;
    } catch (ChannelException e) {
      UdpLoop.close(channel);
      throw UdpLoop.failure(e);
    }
  }

  /**
   * A socket from {@code local} (port 0: any) to {@code peer}; on the event loop only. What came to
   * {@code local} between two system calls, from anyone, is in it, too.
   */
  Channel connect(InetSocketAddress local, InetSocketAddress peer, ChannelHandler handler)
      throws IOException {
    boolean both4 =
        local.getAddress() instanceof Inet4Address && peer.getAddress() instanceof Inet4Address;
    Channel channel = udp.socket(both4, handler);
    try {
      channel.config().setOption(SO_SNDBUF, TRANSFER_BUFFER);
      channel.config().setOption(SO_REUSEADDR, local.getPort() != 0);
      udp.done(channel, channel.bind(local));
      bound.run();
      udp.done(channel, channel.connect(peer));
      return channel;
    } catch (ChannelException e) {
      UdpLoop.close(channel);
      throw UdpLoop.failure(e);
    }
  }
}
