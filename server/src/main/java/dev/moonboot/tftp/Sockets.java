package dev.moonboot.tftp;

import static io.netty.channel.ChannelOption.RECVBUF_ALLOCATOR;
import static io.netty.channel.ChannelOption.SO_RCVBUF;
import static io.netty.channel.ChannelOption.SO_REUSEADDR;
import static io.netty.channel.ChannelOption.SO_SNDBUF;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

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

  /** A request has at most 512 bytes (RFC 2347), but some clients pad; more is cut off. */
  private static final int MOST_RECEIVED = 2048;

  private static final int TRANSFER_BUFFER = 512 * 1024;

  private final boolean epoll;
  private final EventLoopGroup loop;

  /** Over the best there is on this machine. */
  Sockets() {
    this(Epoll.isAvailable());
  }

  /** Over epoll, or over NIO. */
  Sockets(boolean epoll) {
    this.epoll = epoll;
    this.loop =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("tftp", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** The one thread of all sockets. */
  EventLoopGroup loop() {
    return loop;
  }

  boolean isClosed() {
    return loop.isShuttingDown();
  }

  /** Closes all sockets and ends the thread, waiting for that at most {@code most}. */
  void close(Duration most) {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(most.toMillis(), TimeUnit.MILLISECONDS);
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
    Channel channel = register(false, handler);
    if (epoll) {
      channel.config().setOption(EpollChannelOption.IP_RECVORIGDSTADDR, true);
    }
    channel.config().setOption(SO_RCVBUF, REQUEST_BUFFER);
    channel.config().setOption(SO_REUSEADDR, shared);
    done(channel, channel.bind(at));
    channel.config().setOption(SO_REUSEADDR, true);
    return channel;
  }

  /** A socket from {@code local} (port 0: any) to {@code peer} alone; on the event loop only. */
  Channel connect(InetSocketAddress local, InetSocketAddress peer, ChannelHandler handler)
      throws IOException {
    boolean both4 =
        local.getAddress() instanceof Inet4Address && peer.getAddress() instanceof Inet4Address;
    Channel channel = register(both4, handler);
    channel.config().setOption(SO_SNDBUF, TRANSFER_BUFFER);
    channel.config().setOption(SO_REUSEADDR, local.getPort() != 0);
    done(channel, channel.bind(local));
    done(channel, channel.connect(peer));
    return channel;
  }

  /**
   * @param only4 for IPv4 alone, which costs the kernel less for each packet than IPv4 in IPv6
   */
  private Channel register(boolean only4, ChannelHandler handler) throws IOException {
    Channel channel =
        !epoll
            ? new NioDatagramChannel()
            : only4
                ? new EpollDatagramChannel(SocketProtocolFamily.INET)
                : new EpollDatagramChannel();
    channel.config().setOption(RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MOST_RECEIVED));
    channel.pipeline().addLast(handler);
    done(channel, loop.register(channel));
    return channel;
  }

  private static void done(Channel channel, ChannelFuture step) throws IOException {
    if (!step.awaitUninterruptibly().isSuccess()) {
      close(channel);
      throw new IOException(Objects.requireNonNull(step.cause()).getMessage(), step.cause());
    }
  }

  /** Closes {@code channel} in the background. */
  static void close(Channel channel) {
    var _ = channel.close();
  }
}
