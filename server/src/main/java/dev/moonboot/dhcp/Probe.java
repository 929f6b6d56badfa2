package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.node.MacAddress;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks a network as a node's firmware does, to see who answers. It accepts no offer, so no server
 * keeps an address for it for long.
 */
public final class Probe {
  /** What it pretends to be. */
  public enum As {
    BIOS_PXE("PXEClient:Arch:00000:UNDI:002001", 0),
    UEFI_PXE_AMD64("PXEClient:Arch:00007:UNDI:003000", 7),
    UEFI_PXE_ARM64("PXEClient:Arch:00011:UNDI:003000", 11),
    UEFI_HTTP_AMD64("HTTPClient:Arch:00016:UNDI:003000", 16),
    UEFI_HTTP_ARM64("HTTPClient:Arch:00019:UNDI:003000", 19);

    private final String vendor;
    private final int arch;

    As(String vendor, int arch) {
      this.vendor = vendor;
      this.arch = arch;
    }
  }

  /**
   * An offer that came; a text is empty where it says nothing, and an address then, too.
   *
   * @param server by which the server calls itself (option 54)
   * @param from where the packet came from
   * @param yours the address it offers; empty from a ProxyDHCP
   * @param next the server to load from
   * @param file what to load; as it was sent, so not safe to show as it is
   * @param vendor its option 60: {@code PXEClient} from who wants to boot PXE clients
   */
  public record Found(
      String server, String from, String yours, String next, String file, String vendor) {
    /** Whether it tells what to boot. */
    public boolean boots() {
      return !file.isEmpty() || vendor.startsWith("PXEClient") || vendor.startsWith("HTTPClient");
    }
  }

  private static final InetSocketAddress EVERYBODY_SERVING =
      new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), Responder.SERVER_PORT);

  private static final InetSocketAddress EVERYBODY_ASKING =
      new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), Responder.CLIENT_PORT);

  private static final byte[] WANTED = {1, 3, 43, 54, 60, 66, 67, 97};
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration LOOP_END = Duration.ofSeconds(5);
  private static final int MOST = 64;

  private final String interfaceName;
  private final MacAddress mac;

  /**
   * A probe of the network at one interface.
   *
   * @param mac as which node it asks
   */
  public Probe(String interfaceName, MacAddress mac) {
    this.interfaceName = interfaceName;
    this.mac = mac;
  }

  /** A hardware address that no node has. */
  public static MacAddress madeUp() {
    return new MacAddress(
        "02:00:00:%02x:%02x:%02x"
            .formatted(
                ThreadLocalRandom.current().nextInt(256),
                ThreadLocalRandom.current().nextInt(256),
                ThreadLocalRandom.current().nextInt(256)));
  }

  /**
   * Asks, a second later again, and waits for the whole time.
   *
   * @return each different offer, in the order in which they came; this machine's own too, but none
   *     that was not broadcast
   * @throws DhcpException when the interface cannot be used
   */
  public List<Found> ask(As as, Duration time) throws InterruptedException {
    int transaction = ThreadLocalRandom.current().nextInt();
    Collecting offers = new Collecting(transaction);
    Sockets sockets = new Sockets();
    try {
      Channel channel = open(sockets, offers);
      ByteBuffer discover = discover(as, transaction);
      long end = System.nanoTime() + time.toNanos();
      while (end - System.nanoTime() > 0) {
        send(channel, discover);
        Thread.sleep(Duration.ofNanos(Math.min(AGAIN.toNanos(), end - System.nanoTime())));
      }
    } finally {
      sockets.close(LOOP_END);
    }
    return offers.found();
  }

  private Channel open(Sockets sockets, Collecting offers) {
    Future<Channel> opening =
        sockets.loop().submit(() -> sockets.open(interfaceName, EVERYBODY_ASKING, true, offers));
    if (!opening.awaitUninterruptibly().isSuccess()) {
      throw unusable(Objects.requireNonNull(opening.cause()));
    }
    return opening.getNow();
  }

  private void send(Channel channel, ByteBuffer discover) {
    var packet = new DatagramPacket(Unpooled.wrappedBuffer(discover), EVERYBODY_SERVING);
    var sent = channel.writeAndFlush(packet).awaitUninterruptibly();
    if (!sent.isSuccess()) {
      throw unusable(Objects.requireNonNull(sent.cause()));
    }
  }

  private DhcpException unusable(Throwable cause) {
    return new DhcpException(
        "cannot ask for DHCP on the interface %s: %s; is it there and up, and are you root?"
            .formatted(interfaceName, cause.getMessage()),
        cause);
  }

  private ByteBuffer discover(As as, int transaction) {
    byte[] octets = HexFormat.ofDelimiter(":").parseHex(mac.text());
    byte[] id = new byte[17];
    System.arraycopy(octets, 0, id, id.length - octets.length, octets.length);
    return new Draft(DhcpPacket.REQUEST)
        .bytes(DhcpPacket.AT_XID, ByteBuffer.allocate(4).putInt(transaction).array())
        .flags(DhcpPacket.BROADCAST)
        .bytes(DhcpPacket.AT_MAC, Arrays.copyOf(octets, 6))
        .option(Tag.MESSAGE_TYPE, new byte[] {DhcpPacket.DISCOVER})
        .option(Tag.LARGEST, new byte[] {5, (byte) 0xc0})
        .option(Tag.PARAMETERS, WANTED)
        .option(Tag.MACHINE, id)
        .option(Tag.INTERFACE, new byte[] {1, 3, 0})
        .option(Tag.ARCH, new byte[] {0, (byte) as.arch})
        .option(Tag.VENDOR_CLASS, as.vendor.getBytes(US_ASCII))
        .encode();
  }

  /** Keeps what answers the one transaction. */
  private static final class Collecting extends SimpleChannelInboundHandler<DatagramPacket> {
    private final int transaction;
    private final SequencedSet<Found> found = new LinkedHashSet<>();

    private Collecting(int transaction) {
      this.transaction = transaction;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      DhcpPacket.parse(datagram.content().nioBuffer())
          .filter(packet -> packet.op() == DhcpPacket.REPLY)
          .filter(packet -> packet.type() == DhcpPacket.OFFER)
          .filter(packet -> packet.transaction() == transaction)
          .ifPresent(packet -> add(packet, datagram.sender()));
    }

    private synchronized void add(DhcpPacket packet, InetSocketAddress from) {
      if (found.size() < MOST) {
        String option = packet.text(Tag.BOOT_FILE);
        found.add(
            new Found(
                packet.addressIn(Tag.SERVER).map(Probe.Collecting::text).orElse(""),
                from.getAddress().getHostAddress(),
                text(packet.yours()),
                text(packet.next()),
                option.isEmpty() ? packet.file() : option,
                packet.text(Tag.VENDOR_CLASS)));
      }
    }

    private static String text(InetAddress address) {
      return address.isAnyLocalAddress() ? "" : address.getHostAddress();
    }

    private synchronized List<Found> found() {
      return new ArrayList<>(found);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // a packet that does not arrive is none
    }
  }
}
