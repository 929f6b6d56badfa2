package dev.moonboot.dhcp;

import static java.lang.System.Logger.Level.INFO;
import static java.util.Objects.requireNonNull;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tells firmware over DHCP what to load, until closed. Hands out no addresses: another server on
 * the network has to.
 *
 * <p>All packets are handled by one thread that waits for nothing.
 */
public final class DhcpListener implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DhcpListener.class.getName());
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration LOOP_END = Duration.ofSeconds(5);

  private final Sockets sockets;
  private final Responder responder;
  private final ForeignServers foreign;
  private final long delay;
  private final List<Segment> segments;

  private DhcpListener(DhcpConfig config, Subjects subjects, Segment.Ports ports, Sockets sockets) {
    this.sockets = sockets;
    this.responder = new Responder(config, subjects, System::nanoTime);
    this.foreign = new ForeignServers(subjects, System::nanoTime);
    this.delay = config.delay().toMillis();
    this.segments =
        config.interfaces().stream()
            .map(name -> new Segment(name, sockets, ports, this::receive))
            .toList();
  }

  /**
   * Starts answering. An interface that is not there yet is waited for.
   *
   * @throws DhcpException when an interface is there, but cannot be listened on
   */
  public static DhcpListener open(DhcpConfig config, Subjects subjects) {
    var ports =
        config.broadcast()
            ? new Segment.Ports(Responder.SERVER_PORT, Responder.BOOT_PORT, Responder.CLIENT_PORT)
            : new Segment.Ports(null, Responder.BOOT_PORT, null);
    return open(config, subjects, ports);
  }

  static DhcpListener open(DhcpConfig config, Subjects subjects, Segment.Ports ports) {
    Exercise.of(config, subjects);
    Sockets sockets = new Sockets();
    Exercise.over(sockets, config, subjects);
    var listener = new DhcpListener(config, subjects, ports, sockets);
    listener.start();
    LOG.log(
        INFO,
        "dhcp interfaces={0} mode={1} broadcast={2} unknown={3}",
        String.join(",", config.interfaces()),
        config.mode().word(),
        config.broadcast(),
        config.unknown());
    return listener;
  }

  private void start() {
    for (Segment segment : segments) {
      // on the event loop, so that no packet comes in before it is complete
      Future<?> opening =
          sockets
              .loop()
              .submit(() -> {
                segment.start();
                return true;
              });
      if (!opening.awaitUninterruptibly().isSuccess()) {
        sockets.close(LOOP_END);
        throw refused(segment.name(), requireNonNull(opening.cause()));
      }
    }
    var _ =
        sockets
            .loop()
            .scheduleWithFixedDelay(
                () -> segments.forEach(Segment::look),
                LOOK.toMillis(),
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private static DhcpException refused(String name, Throwable cause) {
    String why = String.valueOf(cause.getMessage());
    String now;
    if (why.contains("in use")) {
      now =
          "stop the DHCP or PXE server that has the port here (ss -lupn shows it), or set"
              + " dhcp.broadcast: false to use port 4011 only";
    } else if (why.contains("binding to the interface")) {
      now = "Linux before 5.7 wants the capability CAP_NET_RAW for that; grant it to the process";
    } else {
      now = "ports below 1024 want the capability CAP_NET_BIND_SERVICE; grant it to the process";
    }
    return new DhcpException(
        "DHCP cannot listen on the interface %s (dhcp.interfaces): %s; %s"
            .formatted(name, why, now),
        cause);
  }

  private void receive(Segment at, Segment.Via via, ByteBuffer datagram, InetSocketAddress from) {
    Optional<DhcpPacket> packet = DhcpPacket.parse(datagram);
    if (packet.isEmpty()) {
      responder.ignored(Silence.MALFORMED);
    } else if (via.port() == Responder.CLIENT_PORT) {
      foreign.saw(packet.get(), at.name());
    } else if (at.link().isEmpty()) {
      responder.ignored(Silence.NO_ADDRESS);
    } else {
      Link link = at.link().get();
      Answer answer =
          via.port() == Responder.SERVER_PORT
              ? responder.onServerPort(packet.get(), link)
              : responder.onBootPort(packet.get(), link, from);
      answer(answer, at, via);
    }
  }

  private void answer(Answer answer, Segment at, Segment.Via via) {
    switch (answer) {
      case Answer.Silent(var why) -> responder.ignored(why);
      case Answer.Reply reply -> {
        if (delay == 0) {
          send(reply, at, via);
        } else {
          var _ = sockets.loop().schedule(() -> send(reply, at, via), delay, TimeUnit.MILLISECONDS);
        }
      }
    }
  }

  private void send(Answer.Reply reply, Segment at, Segment.Via via) {
    via.send(reply.offer().datagram(), reply.to());
    responder.told(reply, at.name());
  }

  /** Whether packets are still taken in; for health checks. */
  public boolean isOpen() {
    return !sockets.isClosed();
  }

  /** How it is at each interface, for people: {@code eth1 10.0.0.2, eth2 waiting …}. */
  public String state() {
    return segments.stream().map(Segment::state).collect(Collectors.joining(", "));
  }

  /** Where it listens now, with the ports it got; for tests. */
  List<InetSocketAddress> addresses() {
    return segments.stream().flatMap(segment -> segment.addresses().stream()).toList();
  }

  /** Ends at once. Once is enough; more does nothing. */
  @Override
  public void close() {
    sockets.close(LOOP_END);
  }
}
