package dev.moonboot.rpc;

import dev.moonboot.journal.Audit;
import dev.moonboot.metrics.Meters;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.MatchboxWriter;
import dev.moonboot.tls.CertificateFilesException;
import dev.moonboot.tls.MutualTls;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * matchbox's gRPC API on a socket of its own, for clients with a certificate: five services, all
 * calls unary, neither reflection nor health.
 *
 * <p>What a client can make it keep and do is bounded: connections, calls on each (100) and at
 * once, 4 MiB a message, 16 KiB of headers, pings, resets, and the time for handshakes and calls.
 */
public final class RpcListener implements AutoCloseable {
  /** What grpc-go takes by default, and so matchbox. */
  static final int MAX_MESSAGE = 4 << 20;

  static final int MAX_CALLS = 100;
  static final int MAX_HEADERS = 16 << 10;

  /** Resets of calls within {@link #RESET_WINDOW_SECONDS} that a connection survives. */
  private static final int MAX_RESETS = 200;

  private static final int RESET_WINDOW_SECONDS = 30;

  /** How much of a message a client may send before anybody reads it. */
  private static final int WINDOW = 128 << 10;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private static final System.Logger LOG = System.getLogger(RpcListener.class.getName());

  /** Has a stack trace for each thing that a client does wrong. */
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.grpc");

  private final InetSocketAddress bind;
  private final MutualTls tls;
  private final Connections connections = new Connections();
  private final EventLoopGroup threads;
  private final ExecutorService calls;
  private final Server server;

  /**
   * @param data the data directory
   * @param catalog the one in force
   * @param writer writes to {@code data}
   */
  public RpcListener(
      RpcConfig config,
      Path data,
      Supplier<Catalog> catalog,
      MatchboxWriter writer,
      Audit audit,
      Meters meters) {
    this(config, new DataCalls(data, catalog, writer), audit, meters, PATIENCE);
  }

  RpcListener(RpcConfig config, DataCalls data, Audit audit, Meters meters, Duration patience) {
    LIBRARY.setLevel(java.util.logging.Level.SEVERE);
    bind = config.bind();
    try {
      tls = new MutualTls(config.tls(), config.clients());
    } catch (CertificateFilesException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
    threads =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("grpc", true), NioIoHandler.newFactory());
    calls = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-call-", 0).factory());
    server =
        limited(NettyServerBuilder.forAddress(config.bind()))
            // the last one is the first that sees a call
            .intercept(new Admission(connections, threads, patience))
            .intercept(new Authorization(() -> tls.current().trust(), config.roles(), audit))
            .intercept(new Counting(meters))
            .addService(new GroupCalls(data))
            .addService(new ProfileCalls(data))
            .addService(new IgnitionCalls(data))
            .addService(new GenericCalls(data))
            .addService(new SelectCalls(data.catalog()))
            .build();
  }

  private NettyServerBuilder limited(NettyServerBuilder builder) {
    return builder
        .channelFactory(connections::serverSocket)
        .bossEventLoopGroup(threads)
        .workerEventLoopGroup(threads)
        .executor(calls)
        // matchbox understands nothing packed, and its clients pack nothing
        .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
        .sslContext(new CurrentTls(tls::current))
        .maxConcurrentCallsPerConnection(MAX_CALLS)
        .maxInboundMessageSize(MAX_MESSAGE)
        .maxInboundMetadataSize(MAX_HEADERS)
        .flowControlWindow(WINDOW)
        .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
        .handshakeTimeout(10, TimeUnit.SECONDS)
        .maxConnectionIdle(10, TimeUnit.MINUTES)
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(2, TimeUnit.MINUTES)
        .keepAliveTimeout(20, TimeUnit.SECONDS);
  }

  /**
   * Binds the socket and answers from now on.
   *
   * @throws UncheckedIOException when the address cannot be bound
   */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new UncheckedIOException(
          "the gRPC listener cannot listen on " + bind, new IOException(cause.getMessage(), cause));
    }
    var _ =
        threads.scheduleWithFixedDelay(
            this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Puts in force what files have changed. */
  void look() {
    try {
      tls.look();
    } catch (RuntimeException e) { // or nobody would ever look again
      LOG.log(Level.ERROR, "rpc certificates cannot be looked at", e);
    }
  }

  /** Where it listens, the port that was taken included. */
  public InetSocketAddress address() {
    return new InetSocketAddress(bind.getAddress(), server.getPort());
  }

  /** True from the start until closed. */
  public boolean isOpen() {
    return !server.isShutdown();
  }

  /** Why certificates are not in force as their files are, for people; empty when they are. */
  public Optional<String> trouble() {
    return tls.trouble();
  }

  int openConnections() {
    return connections.openNow();
  }

  /** Takes no new calls, lets running ones finish for a while, and ends. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
    threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
