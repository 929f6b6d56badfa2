package dev.moonboot.udp;

import static io.netty.channel.ChannelOption.RECVBUF_ALLOCATOR;
import static io.netty.channel.epoll.EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a number of UDP sockets, which it owns: they are open for as long as it is.
 *
 * <p>Whatever is received says who sent it, also on a socket that is connected: such a one may hold
 * what came from others before it was, and Netty's usual way to read would call it the peer's. That
 * way is a fifth faster, so a socket may go over to it once there can be no such thing in it.
 */
public final class UdpLoop {
  /** A longer datagram is cut off. Boot protocols have at most 1500 bytes. */
  private static final int MOST_RECEIVED = 2048;

  private final boolean epoll;
  private final EventLoopGroup group;
  private final EventLoop loop;
  private final ChannelGroup open;
  private volatile boolean closed;

  /**
   * Starts nothing yet: the thread comes with the first work.
   *
   * @param thread its name
   * @param epoll whether over Linux's epoll, which must be there, or over NIO
   */
  public UdpLoop(String thread, boolean epoll) {
    this.epoll = epoll;
    this.group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory(thread, true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    this.loop = group.next();
    this.open = new DefaultChannelGroup(loop, true);
  }

  /** What runs work on the thread, at once or later. */
  public EventLoop loop() {
    return loop;
  }

  /**
   * A new socket that is bound to nothing. On the event loop only.
   *
   * @param only4 for IPv4 alone, which costs the kernel less for each packet than IPv4 in IPv6;
   *     over NIO the socket is for both
   * @param handler gets what comes in
   * @throws IOException when the system has no more sockets, or the loop is closed
   */
  public Channel socket(boolean only4, ChannelHandler handler) throws IOException {
    Channel channel = channel(only4);
    channel.pipeline().addLast(handler);
    done(channel, loop.register(channel));
    open.add(channel);
    return channel;
  }

  /** Netty tells of a system without a free file descriptor in a way that callers forget. */
  private Channel channel(boolean only4) throws IOException {
    try {
      return epoll ? epollChannel(only4) : nioChannel();
    } catch (ChannelException e) {
      throw failure(e);
    }
  }

  /** The same for who handles only those. */
  public static IOException failure(ChannelException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IOException(cause.getMessage(), e);
  }

  private static Channel nioChannel() {
    var channel = new NioDatagramChannel();
    channel.config().setOption(RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MOST_RECEIVED));
    return channel;
  }

  private static Channel epollChannel(boolean only4) {
    var channel =
        only4 ? new EpollDatagramChannel(SocketProtocolFamily.INET) : new EpollDatagramChannel();
    // two at a time: what recvmmsg(2) reads comes with its sender, what recv(2) reads does not
    channel.config().setOption(MAX_DATAGRAM_PAYLOAD_SIZE, MOST_RECEIVED);
    channel.config().setOption(RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2 * MOST_RECEIVED));
    return channel;
  }

  /**
   * Takes whatever comes to {@code channel} for its peer's from now on: it was connected some time
   * ago, and what came before has been read.
   */
  public static void onlyFromPeer(Channel channel) {
    if (channel instanceof EpollDatagramChannel) {
      channel.config().setOption(MAX_DATAGRAM_PAYLOAD_SIZE, 0);
    }
  }

  /**
   * Waits for a {@code step} of {@code channel}, which is at once on the event loop.
   *
   * @throws IOException when it failed; {@code channel} is closed then
   */
  public void done(Channel channel, ChannelFuture step) throws IOException {
    if (!step.awaitUninterruptibly().isSuccess()) {
      close(channel);
      throw new IOException(Objects.requireNonNull(step.cause()).getMessage(), step.cause());
    }
  }

  /** Closes {@code channel} in the background. */
  public static void close(Channel channel) {
    var _ = channel.close();
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * Closes all sockets and ends the thread, waiting for each at most {@code most}. Once is enough;
   * more does nothing. Not on the event loop.
   *
   * <p>The sockets first: Netty 4.2 closes what is left when a loop ends, but not when it is told
   * to end between the two looks at that which it takes in each round.
   */
  public void close(Duration most) {
    closed = true;
    open.close().awaitUninterruptibly(most.toMillis(), TimeUnit.MILLISECONDS);
    group
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(most.toMillis(), TimeUnit.MILLISECONDS);
  }
}
