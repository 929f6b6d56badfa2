package dev.moonboot.e2e;

import com.google.protobuf.ByteString;
import dev.moonboot.rpc.pb.GenericGrpc;
import dev.moonboot.rpc.pb.GenericPutRequest;
import dev.moonboot.rpc.pb.Group;
import dev.moonboot.rpc.pb.GroupPutRequest;
import dev.moonboot.rpc.pb.GroupsGrpc;
import dev.moonboot.rpc.pb.Profile;
import dev.moonboot.rpc.pb.ProfilePutRequest;
import dev.moonboot.rpc.pb.ProfilesGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A client of matchbox's gRPC API, of stock stubs, with the certificates that both sides need. */
final class MatchboxClient implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
  private final ManagedChannel channel;

  /**
   * @param folder where {@link #makeCertificates} made them
   */
  MatchboxClient(int port, Path folder) {
    try {
      var tls =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
              .trustManager(folder.resolve("ca.crt").toFile())
              .keyManager(
                  folder.resolve("client.crt").toFile(), folder.resolve("client.key").toFile());
      channel =
          NettyChannelBuilder.forAddress("localhost", port)
              .eventLoopGroup(threads)
              .channelType(NioSocketChannel.class)
              .executor(callbacks)
              .offloadExecutor(callbacks)
              .sslContext(tls.build())
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An authority, a certificate for a server on loopback, and one for a client. */
  static void makeCertificates(Path folder) {
    certificate(folder, "ca", List.of("-addext", "basicConstraints=critical,CA:TRUE"));
    List<String> signed = List.of("-CA", "ca.crt", "-CAkey", "ca.key");
    for (String name : List.of("server", "client")) {
      List<String> more = new ArrayList<>(signed);
      more.addAll(List.of("-addext", "basicConstraints=critical,CA:FALSE"));
      more.addAll(List.of("-addext", "extendedKeyUsage=" + name + "Auth"));
      more.addAll(List.of("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"));
      certificate(folder, name, more);
    }
  }

  private static void certificate(Path folder, String name, List<String> more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "-C",
                folder.toString(),
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".crt"));
    command.addAll(more);
    Running.run(command, folder.resolve(name + ".log"), Duration.ofSeconds(30));
  }

  void put(Profile profile) {
    var _ =
        ProfilesGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .profilePut(ProfilePutRequest.newBuilder().setProfile(profile).build());
  }

  void put(Group group) {
    var _ =
        GroupsGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .groupPut(GroupPutRequest.newBuilder().setGroup(group).build());
  }

  void putGeneric(String name, String text) {
    var _ =
        GenericGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .genericPut(
                GenericPutRequest.newBuilder()
                    .setName(name)
                    .setConfig(ByteString.copyFromUtf8(text))
                    .build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    callbacks.close();
  }
}
