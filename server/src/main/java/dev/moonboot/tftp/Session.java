package dev.moonboot.tftp;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.moonboot.journal.Asked;
import dev.moonboot.journal.Missed;
import dev.moonboot.journal.Printable;
import dev.moonboot.journal.Sent;
import dev.moonboot.metrics.Meters;
import dev.moonboot.metrics.Meters.Protocol;
import dev.moonboot.tftp.TftpPacket.Ack;
import dev.moonboot.tftp.TftpPacket.Data;
import dev.moonboot.tftp.TftpPacket.ErrorCode;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Malformed;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Rrq;
import dev.moonboot.tftp.TftpPacket.Wrq;
import dev.moonboot.tftp.Transfer.Move;
import dev.moonboot.tftp.Transfer.Result;
import dev.moonboot.udp.UdpLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One client's address and port, and what it is given: one file after the other over one socket.
 * Everything here happens on the event loop.
 */
@Sharable // where the socket on the shared port cannot be had, it is added to another one
final class Session extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final System.Logger LOG = System.getLogger(TftpListener.class.getName());

  /** A request heard again so soon after an ACK is a straggler, not a client that starts over. */
  private static final long STRAGGLER = Duration.ofMillis(250).toNanos();

  /** After a transfer its socket stays this long for late ACKs and the next request. */
  private static final long REST = Duration.ofSeconds(1).toNanos();

  /** Whatever was on its way to a socket when it was connected has come by then. */
  private static final long SETTLED = Duration.ofMillis(100).toNanos();

  private static final long NEVER = Duration.ofDays(1).toNanos();
  private static final int MOST_NAME = 200;
  private static final String DROPPED = "dropped";
  private static final String PROBED = word(Result.PROBED);

  /**
   * Who talks to which of our addresses.
   *
   * @param local with the port of requests; the wildcard where the kernel does not say
   */
  record Key(InetSocketAddress peer, InetSocketAddress local) {
    /** The client's address and port, as in the log. */
    String client() {
      return peer.getAddress().getHostAddress() + ":" + peer.getPort();
    }
  }

  /** What is said to who is not being sent anything. */
  @FunctionalInterface
  interface Replies {
    void send(Failure why, InetSocketAddress to);
  }

  /** A file being sent. */
  private record Running(Transfer transfer, Content content, BlockWriter writer, long startedAt) {}

  private final Key key;
  private final Replies replies;
  private final Sessions all;
  private final Meters meters;
  private Rrq request;
  private @Nullable Channel channel;
  private long connectedAt;
  private boolean settled;
  private @Nullable Running running;
  private boolean opening = true;
  private boolean closed;
  private long restsUntil;
  private long countedBytes;
  private long packetsAgain;

  /**
   * A client's first request, to be looked up.
   *
   * @param replies from the port the request came to
   */
  Session(Key key, Rrq request, Replies replies, Sessions all) {
    this.key = key;
    this.request = request;
    this.replies = replies;
    this.all = all;
    this.meters = all.meters();
  }

  Key key() {
    return key;
  }

  /** What the client asked for last. */
  Rrq request() {
    return request;
  }

  /** Whether a file is being opened or sent. */
  boolean isLive() {
    return opening || running != null;
  }

  /** Whether it may go for the sake of another: never heard, or only the last ACK is missing. */
  boolean isExpendable() {
    Running now = running;
    return now != null && (!now.transfer().heard() || now.transfer().awaitsLastAck());
  }

  /** Whether an answer to {@code asked} is still wanted. */
  boolean waitsFor(Rrq asked) {
    return opening && !closed && asked.equals(request);
  }

  /** The client asks (again). */
  void ask(Rrq asked, long now) {
    Running was = running;
    boolean same = asked.equals(request);
    if (same && opening) {
      return;
    }
    if (same && was != null && !was.transfer().heard()) {
      perform(was.transfer().again(now), now);
    } else if (same && was != null && now - was.transfer().lastHeard() < STRAGGLER) {
      LOG.log(DEBUG, "tftp client={0} result=late_request", key.client());
    } else {
      if (was != null) {
        end("superseded", now);
      }
      request = asked;
      opening = true;
      all.find(this);
    }
  }

  /** There is nothing to send for the request. */
  void refuse(Failure why, long now) {
    opening = false;
    all.boots()
        .missed(
            new Missed(
                key.peer().getAddress().getHostAddress(), "tftp", request.file(), why.text()));
    LOG.log(
        INFO,
        "tftp client={0} file=\"{1}\" result=refused why=\"{2}\"",
        key.client(),
        Printable.line(request.file(), MOST_NAME),
        why.text());
    if (channel == null) {
      replies.send(why, key.peer());
      close(now);
    } else {
      write(why.encode());
      restsUntil = now + REST;
      all.wakeBy(restsUntil);
    }
  }

  /** Sends {@code content} from now on; takes care of closing it. */
  void send(Content content, long now) {
    opening = false;
    try {
      Channel mine = channel;
      if (mine == null) {
        mine = all.connect(this);
        channel = mine;
        connectedAt = now;
      }
      InetAddress local = ((InetSocketAddress) mine.localAddress()).getAddress();
      var agreed = Agreement.on(request, content.size(), all.limits(local, now));
      var transfer = new Transfer(agreed, content.size(), now);
      var writer = new BlockWriter(mine, key.peer(), all.sendsSegments());
      running = new Running(transfer, content, writer, now);
    } catch (IOException e) {
      content.close();
      LOG.log(
          WARNING, "tftp client={0} result=no_socket why=\"{1}\"", key.client(), e.getMessage());
      restsUntil = now;
      all.wakeBy(now);
      return;
    }
    countedBytes = 0;
    packetsAgain = 0;
    meters.transferStarted(Protocol.TFTP);
    all.boots()
        .asked(
            new Asked(
                key.peer().getAddress().getHostAddress(), "tftp", request.file(), content.size()));
    perform(running.transfer().start(now), now);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
    TftpPacket packet = TftpPacket.parse(datagram.content().nioBuffer());
    if (!datagram.sender().equals(key.peer())) {
      // it came to our port before our socket was connected: another client's, maybe its request
      all.receive(new Key(datagram.sender(), key.local()), packet, replies);
      return;
    }
    switch (packet) {
      case Rrq _, Wrq _, Malformed _ ->
          all.receive(key, packet, (error, _) -> write(error.encode()));
      case Ack _, Data _, Failure _, Oack _ -> receive(packet);
    }
  }

  /** A packet about the file being sent. */
  void receive(TftpPacket packet) {
    long now = System.nanoTime();
    Running current = running;
    if (current == null) {
      return;
    }
    Move move = current.transfer().receive(packet, now);
    long acked = current.transfer().ackedBytes();
    meters.sent(Protocol.TFTP, acked - countedBytes);
    countedBytes = acked;
    settle(now);
    perform(move, now);
  }

  /** The client has answered, so that all that came before it has been read. */
  private void settle(long now) {
    Channel mine = channel;
    if (!settled && mine != null && now - connectedAt > SETTLED) {
      UdpLoop.onlyFromPeer(mine);
      settled = true;
    }
  }

  /** When {@link #tick} has something to do. */
  long due(long now) {
    Running current = running;
    if (current != null) {
      return current.transfer().due();
    }
    return opening ? now + NEVER : restsUntil;
  }

  /** Time passes. */
  void tick(long now) {
    Running current = running;
    if (current != null) {
      perform(current.transfer().tick(now), now);
    } else if (!opening && now - restsUntil >= 0) {
      close(now);
    }
  }

  private void perform(Move move, long now) {
    Running current = running;
    if (current == null) {
      return;
    }
    switch (move) {
      case Move.Wait() -> {}
      case Move.Agree(boolean again) -> {
        countAgain(again ? 1 : 0);
        write(new TftpPacket.Oack(current.transfer().agreed().answer()).encode());
      }
      case Move.Blocks blocks -> {
        countAgain(blocks.again());
        write(current, blocks, now);
      }
      case Move.End(Result result) -> end(word(result), now);
    }
    all.wakeBy(due(now));
  }

  private static String word(Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private void countAgain(int packets) {
    if (packets > 0) {
      packetsAgain += packets;
      meters.tftpRetransmit(packets);
    }
  }

  private void write(ByteBuffer packet) {
    Channel mine = channel;
    if (mine != null) {
      var _ = mine.writeAndFlush(Unpooled.wrappedBuffer(packet), mine.voidPromise());
    }
  }

  private void write(Running current, Move.Blocks blocks, long now) {
    try {
      current.writer().write(current.transfer(), current.content(), blocks);
    } catch (IOException e) {
      LOG.log(
          WARNING, "tftp client={0} result=unreadable why=\"{1}\"", key.client(), e.getMessage());
      write(new Failure(ErrorCode.UNDEFINED, "the file cannot be read").encode());
      end("unreadable", now);
    }
  }

  private void end(String result, long now) {
    Running over = running;
    if (over == null) {
      return;
    }
    running = null;
    restsUntil = now + REST;
    over.content().close();
    meters.transferEnded(Protocol.TFTP);
    Transfer transfer = over.transfer();
    all.boots()
        .transfer(
            new Sent(
                key.peer().getAddress().getHostAddress(),
                "tftp",
                request.file(),
                0,
                transfer.ackedBytes(),
                transfer.size(),
                Duration.ofNanos(now - over.startedAt()),
                how(result)));
    boolean forged = result.equals(DROPPED) && !transfer.heard(); // a flood must not fill the log
    LOG.log(
        forged || result.equals(PROBED) ? DEBUG : INFO,
        () ->
            "tftp client=%s file=\"%s\" result=%s bytes=%d size=%d ms=%d blksize=%d window=%d again=%d"
                .formatted(
                    key.client(),
                    Printable.line(request.file(), MOST_NAME),
                    result,
                    transfer.ackedBytes(),
                    transfer.size(),
                    Duration.ofNanos(now - over.startedAt()).toMillis(),
                    transfer.agreed().blockSize(),
                    transfer.agreed().windowSize(),
                    packetsAgain));
    all.ended();
  }

  private static Sent.End how(String result) {
    return switch (result) {
      case "sent", "sent_unconfirmed" -> Sent.End.DONE;
      case "probed" -> Sent.End.PROBED;
      case "aborted" -> Sent.End.ABORTED;
      case "silent", "unreachable" -> Sent.End.SILENT;
      default -> Sent.End.CUT;
    };
  }

  /** Frees everything at once; a transfer still running ends without a word to the client. */
  void close(long now) {
    if (closed) {
      return;
    }
    closed = true;
    end(DROPPED, now);
    all.remove(this);
    if (channel != null) {
      UdpLoop.close(channel);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    long now = System.nanoTime();
    Running current = running;
    if (cause instanceof PortUnreachableException || cause instanceof ConnectException) {
      end("unreachable", now); // ICMP says that nobody listens there any more
      close(now);
    } else if (current != null && current.writer().withoutSegments()) {
      LOG.log(DEBUG, "tftp client={0} segments=off why=\"{1}\"", key.client(), cause.getMessage());
      perform(current.transfer().again(now), now);
    } else {
      // a full queue or a route that is gone for a moment: retries are counted by the timer
      LOG.log(
          DEBUG, "tftp client={0} result=not_sent why=\"{1}\"", key.client(), cause.getMessage());
    }
  }
}
