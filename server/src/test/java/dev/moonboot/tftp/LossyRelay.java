package dev.moonboot.tftp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A network between one client and a server that loses, doubles, delays and so reorders datagrams,
 * by a seeded chance. Follows the server to the port that a transfer answers from.
 */
final class LossyRelay implements AutoCloseable {
  /** How bad it is: chances from 0 to 1, and the longest delay. */
  record Weather(double loss, double doubled, long delayNanos, long seed) {}

  private record Flight(long at, long order, ByteBuffer packet, boolean toServer) {}

  private final DatagramChannel front;
  private final DatagramChannel back;
  private final Selector selector;
  private final InetSocketAddress server;
  private final Weather weather;
  private final Random random;
  private final PriorityQueue<Flight> flights =
      new PriorityQueue<>((a, b) ->
          a.at() == b.at() ? Long.compare(a.order(), b.order()) : Long.compare(a.at(), b.at()));
  private final Thread thread;
  private volatile boolean closed;
  private long order;
  private @Nullable SocketAddress client;
  private @Nullable SocketAddress transfer;

  LossyRelay(TftpListener listener, Weather weather) throws IOException {
    this.server = new InetSocketAddress(TestClient.LOOPBACK, listener.address().getPort());
    this.weather = weather;
    this.random = new Random(weather.seed());
    this.selector = Selector.open();
    this.front = socket();
    this.back = socket();
    this.thread = Thread.ofPlatform().name("lossy-relay").start(this::run);
  }

  private DatagramChannel socket() throws IOException {
    DatagramChannel socket = DatagramChannel.open();
    socket.bind(new InetSocketAddress(TestClient.LOOPBACK, 0)).configureBlocking(false);
    socket.register(selector, SelectionKey.OP_READ);
    return socket;
  }

  /** Where a client finds the server through this. */
  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) front.getLocalAddress();
  }

  private void run() {
    try {
      while (!closed) {
        Flight next = flights.peek();
        long wait = next == null ? 50 : (next.at() - System.nanoTime()) / 1_000_000;
        if (wait > 0) {
          selector.select(wait);
        } else {
          selector.selectNow();
        }
        selector.selectedKeys().clear();
        takeIn(front, true);
        takeIn(back, false);
        deliver();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void takeIn(DatagramChannel from, boolean toServer) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(70_000);
    for (SocketAddress sender = from.receive(in); sender != null; sender = from.receive(in)) {
      in.flip();
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      in.clear();
      if (toServer) {
        client = sender;
      } else {
        transfer = sender;
      }
      if (random.nextDouble() >= weather.loss()) {
        int copies = random.nextDouble() < weather.doubled() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
          long at = System.nanoTime() + (long) (random.nextDouble() * weather.delayNanos());
          flights.add(new Flight(at, order++, ByteBuffer.wrap(bytes), toServer));
        }
      }
    }
  }

  private void deliver() throws IOException {
    for (Flight next = flights.peek();
        next != null && next.at() <= System.nanoTime();
        next = flights.peek()) {
      flights.remove();
      SocketAddress transferPort = transfer;
      boolean request = next.packet().limit() > 1 && next.packet().get(1) == TftpPacket.RRQ;
      SocketAddress to =
          !next.toServer() ? client : request || transferPort == null ? server : transferPort;
      if (to != null) {
        (next.toServer() ? back : front).send(next.packet(), to);
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    front.close();
    back.close();
    selector.close();
  }
}
