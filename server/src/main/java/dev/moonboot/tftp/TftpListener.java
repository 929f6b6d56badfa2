package dev.moonboot.tftp;

import static java.lang.System.Logger.Level.INFO;
import static java.util.Objects.requireNonNull;

import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Serves boot files over TFTP, read-only, until closed.
 *
 * <p>All packets and timers are handled by one event loop. Names are looked up and files opened
 * elsewhere; what is read of a file is read on it, from the page cache as a rule.
 */
public final class TftpListener implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TftpListener.class.getName());
  private static final Duration LOOP_END = Duration.ofSeconds(5);

  private final Sockets sockets;
  private final Openings openings;
  private final Sessions sessions;
  private final RequestPorts ports;

  private TftpListener(
      TftpConfig config, TftpTree tree, Meters meters, BootLog boots, Sockets sockets)
      throws IOException {
    this.sockets = sockets;
    this.openings = new Openings(tree);
    this.sessions = new Sessions(config, sockets, openings, meters, boots);
    // on the event loop, so that no packet comes in before it is complete
    Future<RequestPorts> opening =
        sockets.loop().submit(() -> new RequestPorts(sockets, sessions, config.listen()));
    if (!opening.awaitUninterruptibly().isSuccess()) {
      openings.close(LOOP_END);
      sockets.close(LOOP_END);
      throw new IOException(requireNonNull(opening.cause()).getMessage(), opening.cause());
    }
    this.ports = opening.getNow();
  }

  /**
   * Starts serving.
   *
   * @throws TftpException when the address cannot be bound
   */
  public static TftpListener open(TftpConfig config, TftpTree tree, Meters meters, BootLog boots) {
    return open(config, tree, meters, boots, new Sockets());
  }

  static TftpListener open(
      TftpConfig config, TftpTree tree, Meters meters, BootLog boots, Sockets sockets) {
    try {
      var listener = new TftpListener(config, tree, meters, boots, sockets);
      LOG.log(INFO, "tftp listen={0} single_port={1}", listener.address(), config.singlePort());
      return listener;
    } catch (IOException e) {
      throw new TftpException(
          "TFTP cannot listen at %s: %s; choose another port, or let the process have this one"
              .formatted(config.listen(), e.getMessage()),
          e);
    }
  }

  /** Where it listens, with the port it got. */
  public InetSocketAddress address() {
    return ports.address();
  }

  /** Whether packets are still taken in; for health checks. */
  public boolean isOpen() {
    return ports.isOpen();
  }

  /**
   * Takes no new requests from now on, lets running transfers finish for at most {@code drain}, and
   * frees everything. Once is enough; more does nothing.
   */
  public void close(Duration drain) {
    if (sockets.isClosed()) {
      return;
    }
    sockets.loop().execute(this::stop);
    sessions.awaitIdle(drain);
    openings.close(LOOP_END);
    // in vain while a disk that does not answer is read from
    boolean ended =
        sockets.loop().submit(sessions::close).awaitUninterruptibly(LOOP_END.toMillis());
    sockets.close(ended ? LOOP_END : Duration.ZERO);
  }

  private void stop() {
    ports.close();
    sessions.stop();
  }

  /** Ends at once, running transfers too. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
