package dev.moonboot.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpLoopTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

  private static final class Senders extends SimpleChannelInboundHandler<DatagramPacket> {
    private final BlockingQueue<InetSocketAddress> seen = new LinkedBlockingQueue<>();

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      seen.add(datagram.sender());
    }

    @Nullable InetSocketAddress next() throws InterruptedException {
      return seen.poll(LONG.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static Channel bound(UdpLoop udp, boolean only4) throws Exception {
    return udp.loop()
        .submit(() -> {
          Channel channel = udp.socket(only4, new ChannelInboundHandlerAdapter());
          udp.done(channel, channel.bind(ANY_PORT));
          return channel;
        })
        .get(LONG.toMillis(), TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void closes_its_sockets(boolean epoll) throws Exception {
    var udp = new UdpLoop("test-udp", epoll);
    List<Channel> sockets = List.of(bound(udp, true), bound(udp, false), bound(udp, true));
    assertFalse(udp.isClosed());
    udp.close(LONG);
    udp.close(LONG);
    assertTrue(udp.isClosed());
    assertEquals(List.of(), sockets.stream().filter(Channel::isOpen).toList());
  }

  /** The moment at which Netty itself closes none of them: in the middle of its round. */
  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void closes_its_sockets_when_told_while_it_works(boolean epoll) throws Exception {
    var udp = new UdpLoop("test-udp", epoll);
    Channel socket = bound(udp, true);
    var working = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    var _ =
        udp.loop()
            .submit(() -> {
              working.countDown();
              return told.await(LONG.toSeconds(), TimeUnit.SECONDS);
            });
    assertTrue(working.await(LONG.toSeconds(), TimeUnit.SECONDS));
    Thread closing = Thread.ofPlatform().name("test-closing").start(() -> udp.close(LONG));
    while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
    told.countDown();
    assertTrue(closing.join(LONG));
    assertFalse(socket.isOpen());
  }

  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void opens_nothing_once_closed(boolean epoll) {
    var udp = new UdpLoop("test-udp", epoll);
    udp.close(LONG);
    assertThrows(Exception.class, () -> bound(udp, true));
  }

  /** Whoever opens sockets handles that it fails; a fault of another kind would go past him. */
  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void where_the_system_has_no_more_sockets_that_is_told(boolean epoll) throws Exception {
    assertEquals("java.io.IOException", NoSocketsMain.whenThereAreNoMore(epoll));
  }

  /** What is in a connected socket may be older than its connection. */
  @Test
  void says_who_sent_what_a_connected_socket_had_before() throws Exception {
    var udp = new UdpLoop("test-udp", true);
    var senders = new Senders();
    try (DatagramChannel peer = sender();
        DatagramChannel other = sender()) {
      udp.loop()
          .submit(() -> {
            Channel socket = udp.socket(true, senders);
            udp.done(socket, socket.bind(ANY_PORT));
            send(other, socket);
            send(other, socket);
            send(peer, socket);
            udp.done(socket, socket.connect(peer.getLocalAddress()));
            return send(peer, socket);
          })
          .get(LONG.toMillis(), TimeUnit.MILLISECONDS);
      List<Object> seen = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        seen.add(senders.next());
      }
      var they = other.getLocalAddress();
      assertEquals(List.of(they, they, peer.getLocalAddress(), peer.getLocalAddress()), seen);
    } finally {
      udp.close(LONG);
    }
  }

  /** The quicker way to read, once there is nothing of others in a socket. */
  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void goes_on_reading_when_only_the_peer_sends(boolean epoll) throws Exception {
    var udp = new UdpLoop("test-udp", epoll);
    var senders = new Senders();
    try (DatagramChannel peer = sender()) {
      Channel socket =
          udp.loop()
              .submit(() -> {
                Channel made = udp.socket(true, senders);
                udp.done(made, made.bind(ANY_PORT));
                udp.done(made, made.connect(peer.getLocalAddress()));
                return made;
              })
              .get(LONG.toMillis(), TimeUnit.MILLISECONDS);
      send(peer, socket);
      assertEquals(peer.getLocalAddress(), senders.next());
      udp.loop().submit(() -> UdpLoop.onlyFromPeer(socket)).sync();
      send(peer, socket);
      send(peer, socket);
      assertEquals(peer.getLocalAddress(), senders.next());
      assertEquals(peer.getLocalAddress(), senders.next());
    } finally {
      udp.close(LONG);
    }
  }

  private static DatagramChannel sender() throws IOException {
    return DatagramChannel.open().bind(ANY_PORT);
  }

  private static int send(DatagramChannel from, Channel to) throws IOException {
    return from.send(ByteBuffer.wrap(new byte[] {1}), to.localAddress());
  }
}
