package dev.moonboot.tftp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.tftp.TftpPacket.Ack;
import dev.moonboot.tftp.TftpPacket.Data;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Malformed;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import dev.moonboot.tftp.TftpPacket.Wrq;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client that does what a test tells it, packet by packet, or fetches a file as clients do. */
public final class TestClient implements AutoCloseable {
  static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DatagramChannel socket;
  private final Selector selector;
  private final InetSocketAddress server;
  private @Nullable SocketAddress from;

  /** A packet and where it came from. */
  record Received(TftpPacket packet, int bytes, InetSocketAddress from) {}

  private TestClient(DatagramChannel socket, Selector selector, InetSocketAddress server) {
    this.socket = socket;
    this.selector = selector;
    this.server = server;
  }

  /** A client on loopback of {@code server}. */
  static TestClient of(TftpListener server) throws IOException {
    return at("127.0.0.1", new InetSocketAddress(LOOPBACK, server.address().getPort()));
  }

  public static TestClient at(String local, InetSocketAddress server) throws IOException {
    DatagramChannel socket = DatagramChannel.open();
    socket.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(local), 0));
    socket.configureBlocking(false);
    Selector selector = Selector.open();
    socket.register(selector, SelectionKey.OP_READ);
    return new TestClient(socket, selector, server);
  }

  InetSocketAddress server() {
    return server;
  }

  int port() throws IOException {
    return ((InetSocketAddress) socket.getLocalAddress()).getPort();
  }

  /** A read request: name, mode, then option names and values. */
  static byte[] rrq(String file, String mode, String... options) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 1});
    out.writeBytes(file.getBytes(UTF_8));
    out.write(0);
    out.writeBytes(mode.getBytes(US_ASCII));
    out.write(0);
    for (String option : options) {
      out.writeBytes(option.getBytes(US_ASCII));
      out.write(0);
    }
    return out.toByteArray();
  }

  /** Sends a request to the request port. */
  void ask(String file, String... options) throws IOException {
    toRequestPort(rrq(file, "octet", options));
  }

  void toRequestPort(byte[] packet) throws IOException {
    from = null;
    socket.send(ByteBuffer.wrap(packet), server);
  }

  /** Sends to where the last packet came from. */
  void answer(byte[] packet) throws IOException {
    socket.send(ByteBuffer.wrap(packet), from == null ? server : from);
  }

  void sendTo(byte[] packet, SocketAddress to) throws IOException {
    socket.send(ByteBuffer.wrap(packet), to);
  }

  void ack(long block) throws IOException {
    answer(new byte[] {0, 4, (byte) (block >> 8), (byte) block});
  }

  static byte[] ackPacket(int block) {
    return new byte[] {0, 4, (byte) (block >> 8), (byte) block};
  }

  void error(int code, String text) throws IOException {
    ByteBuffer packet = new Failure(code, text).encode();
    byte[] bytes = new byte[packet.remaining()];
    packet.get(bytes);
    answer(bytes);
  }

  /** The next packet, if one comes within {@code wait}. */
  Optional<Received> poll(Duration wait) throws IOException {
    long end = System.nanoTime() + wait.toNanos();
    ByteBuffer in = ByteBuffer.allocate(70_000);
    while (true) {
      SocketAddress sender = socket.receive(in);
      if (sender != null) {
        from = sender;
        in.flip();
        int bytes = in.remaining();
        return Optional.of(new Received(TftpPacket.parse(in), bytes, (InetSocketAddress) sender));
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      selector.select(left);
      selector.selectedKeys().clear();
    }
  }

  Received receive() throws IOException {
    return poll(PATIENCE).orElseThrow(() -> new AssertionError("no packet came"));
  }

  Data data() throws IOException {
    return (Data) receive().packet();
  }

  Oack oack() throws IOException {
    return (Oack) receive().packet();
  }

  Failure failure() throws IOException {
    return (Failure) receive().packet();
  }

  /** Whether the network stays silent for {@code wait}. */
  boolean hearsNothing(Duration wait) throws IOException {
    return poll(wait).isEmpty();
  }

  /**
   * Fetches a whole file: ACKs each window, says again what it has after a gap or a second of
   * silence, and follows the block numbers around.
   */
  public byte[] fetch(String file, String... options) throws IOException {
    return fetch(file, () -> {}, options);
  }

  /**
   * The same.
   *
   * @param begun run once, when the first packet has come and before it is answered
   */
  public byte[] fetch(String file, Runnable begun, String... options) throws IOException {
    ask(file, options);
    return collect(() -> ask(file, options), begun);
  }

  /** The rest of {@link #fetch}, where the file has been asked for. */
  byte[] fetchAsked(String file, String... options) throws IOException {
    return collect(() -> ask(file, options), () -> {});
  }

  private interface Asking {
    void again() throws IOException;
  }

  private byte[] collect(Asking asking, Runnable onceBegun) throws IOException {
    var bytes = new ByteArrayOutputStream();
    int blockSize = 512;
    int window = 1;
    long block = 0;
    long ackedBlock = 0;
    boolean begun = false;
    int silences = 0;
    while (true) {
      Optional<Received> next = poll(Duration.ofMillis(begun ? 300 : 1000));
      if (next.isEmpty()) {
        if (++silences > 40) {
          throw new AssertionError("silence after block " + block);
        }
        if (begun) {
          ack(block);
          ackedBlock = block;
        } else {
          asking.again();
        }
        continue;
      }
      silences = 0;
      if (!begun && !(next.get().packet() instanceof Failure)) {
        onceBegun.run();
      }
      switch (next.get().packet()) {
        case Oack(var agreed) -> {
          if (block == 0) {
            begun = true;
            blockSize = value(agreed, "blksize", 512);
            window = value(agreed, "windowsize", 1);
            ack(0);
          }
        }
        case Data(int number, ByteBuffer payload) -> {
          begun = true;
          if (number == ((block + 1) & 0xffff)) {
            block++;
            boolean last = payload.remaining() < blockSize;
            byte[] part = new byte[payload.remaining()];
            payload.get(part);
            bytes.writeBytes(part);
            if (last || block - ackedBlock >= window) {
              ack(block);
              ackedBlock = block;
            }
            if (last) {
              return bytes.toByteArray();
            }
          } else if (window > 1) {
            ack(block); // as EDK2: one for each packet out of order
            ackedBlock = block;
          }
        }
        case Failure(int code, String text) -> throw new IOException("error " + code + ": " + text);
        case Ack _, Rrq _, Wrq _, Malformed _ ->
            throw new AssertionError("sent by a server: " + next);
      }
    }
  }

  private static int value(List<Option> agreed, String name, int absent) {
    return agreed.stream()
        .filter(o -> o.name().equals(name))
        .map(o -> Integer.parseInt(o.value()))
        .findFirst()
        .orElse(absent);
  }

  @Override
  public void close() throws IOException {
    selector.close();
    socket.close();
  }
}
