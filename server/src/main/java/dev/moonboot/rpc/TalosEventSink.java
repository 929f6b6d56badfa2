package dev.moonboot.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.moonboot.journal.BootLog;
import dev.moonboot.rpc.pb.EventRequest;
import dev.moonboot.rpc.pb.EventResponse;
import dev.moonboot.rpc.pb.EventSinkServiceGrpc.EventSinkServiceImplBase;
import io.grpc.Codec;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.DecompressorRegistry;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Where nodes send Talos's events ({@code talos.events.sink}): gRPC without TLS, because that is
 * what Talos speaks there. What a node sends is joined with its boot, by its address, and changes
 * nothing.
 *
 * <p>Bounded: connections in all and of one address, calls on each, 64 KiB a message. A call does
 * nothing but a few look-ups in memory, so it is answered on the thread that read it.
 */
public final class TalosEventSink implements AutoCloseable {
  static final int MAX_MESSAGE = 64 << 10;
  static final int MAX_CALLS = 8;
  static final int MOST = 2048;
  static final int MOST_OF_ONE = 32;
  private static final int MAX_HEADERS = 8 << 10;
  private static final int WINDOW = 64 << 10;
  private static final int MAX_RESETS = 100;
  private static final int RESET_WINDOW_SECONDS = 30;

  /** The address of whoever calls, without a port. */
  private static final Context.Key<String> CLIENT = Context.key("client");

  private final InetSocketAddress bind;
  private final Connections connections = new Connections(MOST, MOST_OF_ONE);
  private final EventLoopGroup threads;
  private final Server server;

  /** A sink that is not started yet. */
  public TalosEventSink(InetSocketAddress bind, BootLog boots) {
    this.bind = bind;
    threads =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("talos-events", true), NioIoHandler.newFactory());
    server =
        NettyServerBuilder.forAddress(bind)
            .channelFactory(connections::serverSocket)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .directExecutor()
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
            .maxConcurrentCallsPerConnection(MAX_CALLS)
            .maxInboundMessageSize(MAX_MESSAGE)
            .maxInboundMetadataSize(MAX_HEADERS)
            .flowControlWindow(WINDOW)
            .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
            .handshakeTimeout(10, TimeUnit.SECONDS)
            .maxConnectionIdle(1, TimeUnit.HOURS)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(5, TimeUnit.MINUTES)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .intercept(new Callers())
            .addService(new Calls(boots))
            .build();
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
      var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new UncheckedIOException(new IOException(cause.getMessage(), cause));
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

  /** Ends at once: nodes send again what was not answered. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Says who calls. */
  private static final class Callers implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      String client =
          peer instanceof InetSocketAddress address ? address.getAddress().getHostAddress() : "";
      return Contexts.interceptCall(
          Context.current().withValue(CLIENT, client), call, headers, next);
    }
  }

  private static final class Calls extends EventSinkServiceImplBase {
    private final BootLog boots;

    Calls(BootLog boots) {
      this.boots = boots;
    }

    @Override
    public void publish(EventRequest request, StreamObserver<EventResponse> caller) {
      try {
        TalosEvents.said(CLIENT.get(), request.getData()).ifPresent(boots::talos);
      } catch (InvalidProtocolBufferException e) {
        caller.onError(
            Status.INVALID_ARGUMENT
                .withDescription("the event is not what its type says")
                .asRuntimeException());
        return;
      }
      caller.onNext(EventResponse.getDefaultInstance());
      caller.onCompleted();
    }
  }
}
