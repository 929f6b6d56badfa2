package dev.moonboot.dhcp;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.moonboot.udp.UdpLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The network at one interface: its sockets, for as long as the interface is there. It may come
 * later, go, come back as another one of its name, and change its address. On the event loop only,
 * but for {@link #state}.
 */
final class Segment {
  private static final System.Logger LOG = System.getLogger(DhcpListener.class.getName());

  /** What is done with what comes in. */
  interface Receiver {
    void receive(Segment at, Via via, ByteBuffer datagram, InetSocketAddress from);
  }

  /**
   * A socket that something came to, by which the answer leaves.
   *
   * @param port as in {@link Ports}
   */
  record Via(Channel channel, int port) {
    void send(ByteBuffer datagram, InetSocketAddress to) {
      var packet = new DatagramPacket(Unpooled.wrappedBuffer(datagram), to);
      var _ = channel.writeAndFlush(packet, channel.voidPromise()); // fails into the pipeline
    }
  }

  /**
   * Which ports are listened on.
   *
   * @param server null for not
   * @param client null for not
   */
  record Ports(@Nullable Integer server, int boot, @Nullable Integer client) {}

  private static final InetAddress BROADCAST = InetAddress.ofLiteral("255.255.255.255");

  private final String name;
  private final Sockets sockets;
  private final Ports ports;
  private final Receiver receiver;
  private final List<Channel> channels = new ArrayList<>();
  private @Nullable Interface seen;
  private volatile String state = "";

  Segment(String name, Sockets sockets, Ports ports, Receiver receiver) {
    this.name = name;
    this.sockets = sockets;
    this.ports = ports;
    this.receiver = receiver;
  }

  String name() {
    return name;
  }

  /** How it is, for people: {@code eth1 10.0.0.2}. */
  String state() {
    return name + " " + state;
  }

  Optional<Link> link() {
    return seen == null ? Optional.empty() : seen.link();
  }

  /**
   * The first look. That there is no such interface yet is no fault.
   *
   * @throws IOException when the interface is there, but its sockets cannot be had
   */
  void start() throws IOException {
    renew(Interface.now(name));
  }

  /** One more look: makes good what has changed, tells it once, and never fails. */
  void look() {
    try {
      renew(Interface.now(name));
    } catch (IOException e) {
      is(WARNING, "not_open why=\"%s; trying again\"".formatted(e.getMessage()));
    }
  }

  private void renew(Optional<Interface> now) throws IOException {
    Interface before = seen;
    Interface found = now.orElse(null);
    if (before != null && (found == null || found.index() != before.index())) {
      close();
    }
    if (found == null) {
      is(WARNING, "waiting why=\"there is no such interface, or it is down\"");
      return;
    }
    if (channels.isEmpty()) {
      open();
    }
    seen = found;
    Inet4Address address = found.address();
    if (address == null) {
      is(WARNING, "waiting why=\"it has no IPv4 address\"");
    } else {
      is(INFO, address.getHostAddress());
    }
  }

  private void open() throws IOException {
    try {
      if (ports.server() != null) {
        channels.add(listen(new InetSocketAddress(ports.server()), false, Responder.SERVER_PORT));
      }
      channels.add(listen(new InetSocketAddress(ports.boot()), false, Responder.BOOT_PORT));
    } catch (IOException e) {
      close();
      throw e;
    }
    if (ports.client() != null) {
      listenToServers(ports.client());
    }
  }

  /**
   * Broadcasts only: so this machine's own DHCP client gets all that is sent to it. Without it all
   * else works.
   */
  private void listenToServers(int port) {
    try {
      channels.add(listen(new InetSocketAddress(BROADCAST, port), true, Responder.CLIENT_PORT));
    } catch (IOException e) {
      LOG.log(
          INFO,
          "dhcp interface={0} port={1} result=not_open why=\"{2}; other DHCP servers go unnoticed\"",
          name,
          port,
          e.getMessage());
    }
  }

  private Channel listen(InetSocketAddress at, boolean shared, int port) throws IOException {
    return sockets.open(name, at, shared, new Inbound(port));
  }

  /** Tells how it is, when that has changed. */
  private void is(System.Logger.Level level, String now) {
    if (!now.equals(state)) {
      state = now;
      LOG.log(level, "dhcp interface={0} {1}", name, level == INFO ? "address=" + now : now);
    }
  }

  /** The sockets' addresses, with the ports they got; for tests. */
  List<InetSocketAddress> addresses() {
    return channels.stream().map(c -> (InetSocketAddress) c.localAddress()).toList();
  }

  void close() {
    channels.forEach(UdpLoop::close);
    channels.clear();
    seen = null;
  }

  /** Hands over what comes to one of the sockets. */
  private final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {
    private final int port;

    private Inbound(int port) {
      this.port = port;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      receiver.receive(
          Segment.this,
          new Via(context.channel(), port),
          datagram.content().nioBuffer(),
          datagram.sender());
    }

    /** An answer that cannot be sent is lost, as packets are: firmware asks again. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.log(
          cause instanceof IOException ? System.Logger.Level.DEBUG : WARNING,
          "dhcp interface={0} result=lost why=\"{1}\"",
          name,
          cause);
    }
  }
}
