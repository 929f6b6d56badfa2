package dev.moonboot.tftp;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.moonboot.firmware.Asker;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.tftp.TftpPacket.Ack;
import dev.moonboot.tftp.TftpPacket.Data;
import dev.moonboot.tftp.TftpPacket.ErrorCode;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Malformed;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Rrq;
import dev.moonboot.tftp.TftpPacket.Wrq;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, and who is being served. Everything happens on the event loop, but for the look-up
 * of files.
 */
final class Sessions {
  private static final System.Logger LOG = System.getLogger(TftpListener.class.getName());

  private final TftpConfig config;
  private final Sockets sockets;
  private final Openings openings;
  private final Meters meters;
  private final BootLog boots;
  private final SourceRates rates = new SourceRates();
  private final Mtu mtu = new Mtu();

  /** In the order of coming, so that the oldest is found first. */
  private final Map<Session.Key, Session> sessions = new LinkedHashMap<>();

  private final CountDownLatch idle = new CountDownLatch(1);
  private @Nullable ScheduledFuture<?> waking;
  private long wakesAt;
  private boolean stopping;

  Sessions(TftpConfig config, Sockets sockets, Openings openings, Meters meters, BootLog boots) {
    this.config = config;
    this.sockets = sockets;
    this.openings = openings;
    this.meters = meters;
    this.boots = boots;
  }

  /**
   * Something came to the request port.
   *
   * @param replies from there
   */
  void receive(Session.Key key, TftpPacket packet, Session.Replies replies) {
    if (!isAllowed(key.peer())) {
      meters.tftpRefused("network");
      return;
    }
    Session session = sessions.get(key);
    switch (packet) {
      case Rrq asked when session != null -> ask(session, asked, System.nanoTime());
      case Rrq asked -> begin(new Session(key, asked, replies, this));
      case Failure failure when session != null -> session.receive(failure);
      case Failure _ -> {} // never answered: two servers would go on for ever
      case Ack _, Data _, Oack _ when session != null && config.singlePort() ->
          session.receive(packet);
      case Ack _, Data _, Oack _ ->
          refuse(
              key, replies, "unknown_tid", new Failure(ErrorCode.UNKNOWN_TID, "unknown transfer"));
      case Wrq _ ->
          refuse(
              key,
              replies,
              "write",
              new Failure(ErrorCode.ACCESS, "read-only: nothing is written"));
      case Malformed(String why, boolean request) -> {
        if (request) {
          refuse(key, replies, "malformed", new Failure(ErrorCode.ILLEGAL, why));
        }
      }
    }
  }

  private boolean isAllowed(InetSocketAddress peer) {
    return peer.getPort() != 0
        && (config.allowedNets().isEmpty()
            || config.allowedNets().stream().anyMatch(net -> net.contains(peer.getAddress())));
  }

  private void refuse(Session.Key key, Session.Replies replies, String reason, Failure failure) {
    meters.tftpRefused(reason);
    if (rates.take(key.peer().getAddress(), System.nanoTime())) {
      LOG.log(
          reason.equals("write") ? INFO : DEBUG,
          "tftp client={0} result=refused why={1}",
          key.client(),
          reason);
      replies.send(failure, key.peer());
    }
  }

  /** A client that is known asks, through whichever socket. */
  void ask(Session session, Rrq asked, long now) {
    if (stopping || !rates.take(session.key().peer().getAddress(), now)) {
      meters.tftpRefused("busy");
      return;
    }
    if (session.isLive() || hasRoom(session.key().peer().getAddress(), now)) {
      session.ask(asked, now);
    }
  }

  private void begin(Session session) {
    long now = System.nanoTime();
    InetAddress source = session.key().peer().getAddress();
    if (stopping || !rates.take(source, now) || !hasRoom(source, now)) {
      meters.tftpRefused("busy"); // no answer: the client asks again by itself
      return;
    }
    if (sessions.size() >= 2 * config.transfers()) {
      sessions.values().stream().filter(s -> !s.isLive()).findFirst().ifPresent(s -> s.close(now));
    }
    sessions.put(session.key(), session);
    find(session);
  }

  /**
   * Makes room for one more transfer. A source that was never heard may be a forgery and goes
   * first, so that a flood of requests cannot shut out who answers.
   */
  private boolean hasRoom(InetAddress source, long now) {
    Predicate<Session> sameSource = s -> source(s).equals(source);
    List<Session> live = sessions.values().stream().filter(Session::isLive).toList();
    return (live.stream().filter(sameSource).count() < config.transfersPerClient()
            || dropFirst(live.stream().filter(sameSource).toList(), now))
        && (live.size() < config.transfers() || dropFirst(live, now));
  }

  /**
   * Ends the oldest expendable transfer of the source that has most: a node that asks once is not
   * dropped for sources that ask many times.
   */
  private static boolean dropFirst(List<Session> live, long now) {
    Map<InetAddress, Long> bySource =
        live.stream().collect(groupingBy(Sessions::source, counting()));
    Optional<Session> first =
        live.stream()
            .filter(Session::isExpendable)
            .max(comparing(s -> bySource.getOrDefault(source(s), 0L)));
    first.ifPresent(s -> s.close(now));
    return first.isPresent();
  }

  private static InetAddress source(Session session) {
    return session.key().peer().getAddress();
  }

  /** Has the file that {@code session} asked for looked up. */
  void find(Session session) {
    Rrq asked = session.request();
    openings.open(
        asked,
        new Asker(source(session).getHostAddress(), here(session.key())),
        result -> toLoop(session, asked, result));
  }

  private void toLoop(Session session, Rrq asked, Openings.Result result) {
    try {
      sockets.loop().execute(() -> found(session, asked, result));
    } catch (RejectedExecutionException e) { // it took so long that all has ended
      if (result instanceof Openings.Opened(Content content)) {
        content.close();
      }
    }
  }

  /** Our address that the client reaches; by its route where the kernel does not say. */
  private static InetAddress here(Session.Key key) {
    InetAddress local = key.local().getAddress();
    if (!local.isAnyLocalAddress()) {
      return local;
    }
    try (DatagramSocket route = new DatagramSocket()) {
      route.connect(key.peer()); // sends nothing
      return route.getLocalAddress();
    } catch (IOException | UncheckedIOException e) {
      return local;
    }
  }

  private void found(Session session, Rrq asked, Openings.Result result) {
    long now = System.nanoTime();
    switch (result) {
      case Openings.Opened(Content content) -> {
        if (session.waitsFor(asked)) {
          session.send(content, now);
        } else {
          content.close();
        }
      }
      case Openings.Refused(Failure failure, String reason) -> {
        meters.tftpRefused(reason);
        if (session.waitsFor(asked)) {
          session.refuse(failure, now);
        }
      }
    }
  }

  /** A socket for {@code session} alone: on the shared port, or on one of its own. */
  Channel connect(Session session) throws IOException {
    InetSocketAddress shared = session.key().local();
    InetSocketAddress own = new InetSocketAddress(shared.getAddress(), 0);
    InetSocketAddress peer = session.key().peer();
    if (!config.singlePort()) {
      return sockets.connect(own, peer, session);
    }
    try {
      return sockets.connect(shared, peer, session);
    } catch (IOException e) {
      LOG.log(WARNING, "tftp port={0} result=not_shared why=\"{1}\"", shared, e.getMessage());
      return sockets.connect(own, peer, session); // RFC 1350 section 4: as good but for NAT
    }
  }

  /** What is granted to a transfer from the address {@code local}. */
  Agreement.Limits limits(InetAddress local, long now) {
    int block = Math.clamp(mtu.block(local, now), 512, config.blockSize());
    return new Agreement.Limits(block, config.windowSize());
  }

  boolean sendsSegments() {
    return sockets.sendsSegments();
  }

  Meters meters() {
    return meters;
  }

  BootLog boots() {
    return boots;
  }

  /**
   * Lets time pass for all at {@code due} at the latest. A deadline that moves on with every ACK
   * costs nothing here: who wakes too early looks when it is due now.
   */
  void wakeBy(long due) {
    if (waking != null && due - wakesAt >= 0) {
      return;
    }
    if (waking != null) {
      waking.cancel(false);
    }
    wakesAt = due;
    waking = sockets.loop().schedule(this::wake, due - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void wake() {
    waking = null;
    long now = System.nanoTime();
    List.copyOf(sessions.values()).forEach(s -> s.tick(now));
    sessions.values().stream()
        .mapToLong(s -> s.due(now) - now)
        .min()
        .ifPresent(wait -> wakeBy(now + wait));
  }

  /** {@code session} is over and its socket closed. */
  void remove(Session session) {
    sessions.remove(session.key(), session);
    ended();
  }

  /** A transfer is over. */
  void ended() {
    if (stopping && sessions.values().stream().noneMatch(Session::isLive)) {
      idle.countDown();
    }
  }

  /** Begins no transfer from now on. */
  void stop() {
    stopping = true;
    ended();
  }

  /** Waits on any other thread for the last transfer after {@link #stop}, but no longer. */
  void awaitIdle(Duration most) {
    try {
      var _ = idle.await(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever stops us wants it done now
    }
  }

  /** Ends everything at once. */
  void close() {
    long now = System.nanoTime();
    stopping = true;
    List.copyOf(sessions.values()).forEach(s -> s.close(now));
  }
}
