package dev.moonboot.dhcp;

import static io.netty.channel.ChannelOption.SO_BROADCAST;
import static io.netty.channel.ChannelOption.SO_RCVBUF;
import static io.netty.channel.ChannelOption.SO_REUSEADDR;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.udp.UdpLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * UDP sockets of one interface each, on one event loop. Only so a broadcast leaves by the interface
 * it is meant for, and only so it is known by which one a packet came in.
 */
final class Sockets {
  /** {@code SO_BINDTODEVICE} of socket(7), whose value is a name of at most 15 bytes and a NUL. */
  private static final RawUnixChannelOption BIND_TO_DEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", 1, 25, 16);

  private static final int NAME_LENGTH = 16;

  /** The kernel holds this much for packets that come in one burst. */
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final UdpLoop udp;

  /**
   * Starts the thread.
   *
   * @throws DhcpException where there is no epoll
   */
  Sockets() {
    if (!Epoll.isAvailable()) {
      throw new DhcpException(
          "DHCP needs a socket for each interface, which Java has only through Netty's native"
              + " library for Linux, and that does not load (%s); run on Linux on x86-64 or arm64,"
                  .formatted(Epoll.unavailabilityCause().getMessage())
              + " or leave dhcp.interfaces out");
    }
    this.udp = new UdpLoop("dhcp", true);
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

  /**
   * A socket that hears and speaks on one interface only. On the event loop only.
   *
   * @param shared whether others may have the port there, too
   * @throws IOException when that is not allowed, there is no such interface, or somebody has it
   */
  Channel open(String interfaceName, InetSocketAddress at, boolean shared, ChannelHandler handler)
      throws IOException {
    Channel channel = udp.socket(true, handler);
    try {
      channel.config().setOption(BIND_TO_DEVICE, name(interfaceName));
      channel.config().setOption(SO_RCVBUF, RECEIVE_BUFFER);
      channel.config().setOption(SO_REUSEADDR, shared);
    } catch (ChannelException e) {
      UdpLoop.close(channel);
      throw new IOException("binding to the interface: " + UdpLoop.failure(e).getMessage(), e);
    }
    udp.done(channel, channel.bind(at));
    channel.config().setOption(SO_BROADCAST, true); // before, Netty warns of what is meant here
    return channel;
  }

  private static ByteBuffer name(String interfaceName) {
    ByteBuffer name = ByteBuffer.allocateDirect(NAME_LENGTH);
    name.put(interfaceName.getBytes(US_ASCII));
    return name.position(0);
  }
}
