package dev.moonboot.talos;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.RateLimit;
import dev.moonboot.journal.TalosSaid;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes in the kernel log of nodes ({@code talos.logging.kernel=tcp://…}), and joins what tells of
 * a boot with it, by the address it comes from. Nothing is ever sent back.
 *
 * <p>Bounded: {@value #MOST} connections and {@value #MOST_OF_ONE} of one address, 64 KiB a line,
 * and so many lines a second; those beyond are read and left out.
 */
public final class KernelLog implements AutoCloseable {
  static final int MOST = 1024;
  static final int MOST_OF_ONE = 8;
  static final int LONGEST = 64 << 10;

  private static final System.Logger LOG = System.getLogger(KernelLog.class.getName());
  private static final int LINES_PER_SECOND = 200;

  /** All that a kernel has written before its network is up. */
  private static final int BURST = 5000;

  /** What of a connection is joined with a boot; a node may write for months. */
  private static final int MOST_TOLD = 500;

  private static final int BUFFER = 8 << 10;
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration STOP = Duration.ofSeconds(5);

  private final InetSocketAddress bind;
  private final BootLog boots;
  private final ServerSocket server;
  private final Thread accepting = Thread.ofVirtual().name("talos-log").unstarted(this::accept);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> byAddress = new HashMap<>();
  private volatile boolean closed;

  /** A listener that is not started yet. */
  public KernelLog(InetSocketAddress bind, BootLog boots) {
    this.bind = bind;
    this.boots = boots;
    try {
      this.server = new ServerSocket();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Binds the socket and takes in what comes from now on.
   *
   * @throws UncheckedIOException when the address cannot be bound
   */
  public void start() {
    try {
      server.setReuseAddress(true);
      server.bind(bind, 128);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    accepting.start();
  }

  /** Where it listens, the port that was taken included. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** True until closed. */
  public boolean isOpen() {
    return accepting.isAlive();
  }

  int openConnections() {
    return open.size();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        if (!admit(socket)) {
          socket.close();
        }
      } catch (IOException e) {
        if (!closed) {
          LOG.log(WARNING, "talos_log result=not_accepted why=\"{0}\"", e.getMessage());
          pause();
        }
      }
    }
  }

  /** No more files may be open for a moment. */
  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean admit(Socket socket) {
    String client = socket.getInetAddress().getHostAddress();
    int mine = byAddress.getOrDefault(client, 0);
    if (closed || open.size() >= MOST || mine >= MOST_OF_ONE) {
      return false;
    }
    byAddress.put(client, mine + 1);
    open.add(socket);
    Thread.ofVirtual().name("talos-log-" + client).start(() -> serve(socket, client));
    return true;
  }

  private synchronized void leave(Socket socket, String client) {
    open.remove(socket);
    byAddress.computeIfPresent(client, (_, mine) -> mine == 1 ? null : mine - 1);
  }

  private void serve(Socket socket, String client) {
    try (socket) {
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      socket.setSoTimeout((int) IDLE.toMillis());
      RateLimit rate = new RateLimit(LINES_PER_SECOND, BURST, System::nanoTime);
      int[] told = new int[1];
      Lines lines =
          new Lines(
              LONGEST,
              line -> {
                if (told[0] < MOST_TOLD && rate.pass().isPresent()) {
                  told[0] += line(client, line) ? 1 : 0;
                }
              });
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        lines.take(buffer, count);
      }
    } catch (SocketException e) {
      LOG.log(DEBUG, "talos_log client={0} result=broken why=\"{1}\"", client, e.getMessage());
    } catch (IOException e) {
      LOG.log(DEBUG, "talos_log client={0} result=ended why=\"{1}\"", client, e.getMessage());
    } finally {
      leave(socket, client);
    }
  }

  private boolean line(String client, String line) {
    return KernelLine.message(line)
        .flatMap(KernelLine::of)
        .map(said -> {
          boots.talos(new TalosSaid(client, "kernel", said.what(), said.text(), said.level()));
          return true;
        })
        .orElse(false);
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
      accepting.join(STOP);
    } catch (IOException e) {
      LOG.log(DEBUG, "talos_log result=not_closed why=\"{0}\"", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
