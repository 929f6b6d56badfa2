package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.udp.UdpLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Answers a packet of each kind before any network is listened to. iPXE waits for a second or two,
 * and code that has never run may need a good part of that.
 */
final class Exercise {
  private static final int ROUNDS = 20;

  private static final Duration LONGEST = Duration.ofMillis(500);
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final Link LINK = new Link(Inet4Address.ofLiteral("192.0.2.1"), 1500);

  private static final InetSocketAddress NODE = new InetSocketAddress(LINK.here(), 4011);

  private Exercise() {}

  /** Runs it; nothing of it is written down. */
  static void of(DhcpConfig config, Subjects subjects) {
    var responder = new Responder(unlimited(config), subjects, System::nanoTime);
    for (int round = 0; round < ROUNDS; round++) {
      for (Draft draft : packets()) {
        draft.bytes(DhcpPacket.AT_MAC, new byte[] {2, 0, 0, 0, 0, (byte) round});
        DhcpPacket.parse(draft.encode())
            .ifPresent(packet -> {
              var _ =
                  packet.type() == DhcpPacket.DISCOVER
                      ? responder.onServerPort(packet, LINK)
                      : responder.onBootPort(packet, LINK, NODE);
            });
      }
    }
  }

  /**
   * Sends one of them to itself over loopback, and the answer, too, so that sockets have been used.
   * Where there is no loopback, it is left out.
   */
  static void over(Sockets sockets, DhcpConfig config, Subjects subjects) {
    var heard = new Heard(new Responder(unlimited(config), subjects, System::nanoTime));
    Future<Channel> opening =
        sockets
            .loop()
            .submit(() -> sockets.open("lo", new InetSocketAddress(LOOPBACK, 0), false, heard));
    if (!opening.awaitUninterruptibly().isSuccess()) {
      return;
    }
    Channel channel = opening.getNow();
    var request =
        new DatagramPacket(
            Unpooled.wrappedBuffer(packets().get(2).encode()),
            (InetSocketAddress) channel.localAddress());
    var _ = channel.writeAndFlush(request);
    try {
      var _ = heard.answered.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    UdpLoop.close(channel);
  }

  /** Answers a request, and waits for the answer. */
  private static final class Heard extends SimpleChannelInboundHandler<DatagramPacket> {
    private final Responder responder;
    private final CountDownLatch answered = new CountDownLatch(1);

    private Heard(Responder responder) {
      this.responder = responder;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      DhcpPacket.parse(datagram.content().nioBuffer())
          .ifPresent(packet -> {
            var via = new Segment.Via(context.channel(), Responder.BOOT_PORT);
            if (responder.onBootPort(packet, LINK, datagram.sender())
                instanceof Answer.Reply reply) {
              via.send(reply.offer().datagram(), reply.to());
            } else {
              answered.countDown();
            }
          });
    }
  }

  private static DhcpConfig unlimited(DhcpConfig config) {
    return new DhcpConfig(
        config.interfaces(),
        config.mode(),
        List.of(),
        true,
        true,
        config.relayNets(),
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        config.delay());
  }

  private static List<Draft> packets() {
    return List.of(
        packet(DhcpPacket.DISCOVER, "PXEClient:Arch:00000:UNDI:002001", 0),
        packet(DhcpPacket.DISCOVER, "PXEClient:Arch:00007:UNDI:003000", 7),
        packet(DhcpPacket.ASK, "PXEClient:Arch:00011:UNDI:003000", 11),
        packet(DhcpPacket.DISCOVER, "HTTPClient:Arch:00016:UNDI:003000", 16),
        packet(DhcpPacket.DISCOVER, "U-Boot.armv8", 22),
        packet(DhcpPacket.DISCOVER, "PXEClient", 7)
            .option(Tag.USER_CLASS, "iPXE".getBytes(US_ASCII)),
        packet(DhcpPacket.DISCOVER, "PXEClient:Arch:00000:UNDI:002001", 0)
            .without(Tag.MACHINE)
            .option(Tag.MACHINE, "\0RPi4............".getBytes(US_ASCII)));
  }

  private static Draft packet(int type, String vendor, int arch) {
    return new Draft(DhcpPacket.REQUEST)
        .option(Tag.MESSAGE_TYPE, new byte[] {(byte) type})
        .option(Tag.VENDOR_CLASS, vendor.getBytes(US_ASCII))
        .option(Tag.ARCH, new byte[] {0, (byte) arch})
        .option(Tag.MACHINE, new byte[17]);
  }
}
