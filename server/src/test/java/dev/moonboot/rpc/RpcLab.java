package dev.moonboot.rpc;

import dev.moonboot.journal.AuditEvent;
import dev.moonboot.metrics.Meters;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.profile.MatchboxWriter;
import dev.moonboot.tls.ClientTrustFiles;
import dev.moonboot.tls.TlsFiles;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener over a data directory, and clients of stock grpc-java for it. */
final class RpcLab implements AutoCloseable {
  private static final Marshaller<byte[]> BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
  final Meters meters = new Meters();
  final CatalogWatcher catalog;
  final RpcListener listener;
  private final Authority authority;
  private final MultiThreadIoEventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
  private final List<ManagedChannel> channels = new ArrayList<>();

  /** With the authority's {@code server} certificate, for all its clients. */
  RpcLab(Authority authority, Path data) {
    this(authority, data, ClientRoles.ANY, null, Duration.ofSeconds(60));
  }

  RpcLab(
      Authority authority,
      Path data,
      ClientRoles roles,
      @Nullable Path revoked,
      Duration patience) {
    this.authority = authority;
    catalog = new CatalogWatcher(data);
    CatalogWriter writer = new CatalogWriter(data, catalog, audit::add);
    RpcConfig config =
        new RpcConfig(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new TlsFiles(authority.file("server.crt"), authority.file("server.key")),
            new ClientTrustFiles(List.of(authority.certificate()), revoked),
            roles);
    listener =
        new RpcListener(
            config,
            new DataCalls(data, catalog::current, new MatchboxWriter(data, writer)),
            audit::add,
            meters,
            patience);
    listener.start();
  }

  /** A client with a certificate of the authority. */
  ManagedChannel client(String name) {
    return client(authority.file(name + ".crt"), authority.file(name + ".key"));
  }

  /** A client with that certificate, or without one. */
  ManagedChannel client(@Nullable Path certificate, @Nullable Path key) {
    try {
      var tls =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
              .trustManager(authority.certificate().toFile());
      if (certificate != null && key != null) {
        tls.keyManager(certificate.toFile(), key.toFile());
      }
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("localhost", listener.address().getPort())
              .eventLoopGroup(threads)
              .channelType(NioSocketChannel.class)
              .executor(callbacks)
              .offloadExecutor(callbacks)
              .maxInboundMessageSize(64 << 20)
              .sslContext(tls.build())
              .build();
      channels.add(channel);
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a method by its path with the bytes of a message. */
  static byte[] call(ManagedChannel channel, String method, byte[] request) {
    var descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
            .setType(MethodType.UNARY)
            .setFullMethodName(method.substring(1))
            .build();
    return ClientCalls.blockingUnaryCall(
        channel, descriptor, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), request);
  }

  /** With what such a call ends. */
  static Status status(ManagedChannel channel, String method, byte[] request) {
    try {
      call(channel, method, request);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    listener.close();
    catalog.close();
    callbacks.shutdownNow();
    threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
