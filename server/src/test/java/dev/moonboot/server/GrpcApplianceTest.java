package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.Configuration;
import dev.moonboot.release.FollowListener;
import dev.moonboot.rpc.Authority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gRPC among the other listeners. */
class GrpcApplianceTest {
  @TempDir private Path folder;

  @BeforeEach
  void certificates() throws IOException {
    new Authority(folder.resolve("grpc")).issue("server", "server");
  }

  private ApplianceConfig config(String grpc) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("moonboot.yaml"),
            """
            data: data
            cache: cache
            state: state
            http: {address: "127.0.0.1:0"}
            admin: {address: "127.0.0.1:0"}
            tftp: {enabled: false}
            %s
            """
                .formatted(grpc));
    return Configuration.load(file, Map.of(), ApplianceConfig::read).value();
  }

  private ApplianceConfig at(String address) throws IOException {
    return config(
        """
        grpc:
          address: %s
          certificate: grpc/server.crt
          key: grpc/server.key
          client-ca: grpc/ca.crt
        """
            .formatted(address));
  }

  @Test
  void it_listens_only_where_it_is_told_to_and_is_part_of_health() throws IOException {
    try (Appliance appliance = Appliance.start(config(""), FollowListener.NONE)) {
      assertEquals(Optional.empty(), appliance.rpcAddress());
      assertTrue(appliance.health().live().stream().noneMatch(one -> one.part().equals("grpc")));
    }
    try (Appliance appliance = Appliance.start(at("127.0.0.1:0"), FollowListener.NONE)) {
      assertTrue(appliance.rpcAddress().orElseThrow().getPort() > 0);
      assertTrue(
          appliance.health().live().stream()
              .anyMatch(one -> one.part().equals("grpc") && one.ok()));
    }
  }

  @Test
  void f_10_a_port_in_use_is_named() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      var failed =
          assertThrows(
              StartException.class, () -> Appliance.start(at(address), FollowListener.NONE));
      String message = String.valueOf(failed.getMessage());
      assertTrue(message.startsWith("cannot listen on " + address + " (grpc.address): "), message);
    }
    Appliance.start(at("127.0.0.1:0"), FollowListener.NONE).close(); // nothing was left open
  }
}
