package dev.moonboot.rpc;

import static dev.moonboot.rpc.RawHttp2.ACK;
import static dev.moonboot.rpc.RawHttp2.CONTINUATION;
import static dev.moonboot.rpc.RawHttp2.END_HEADERS;
import static dev.moonboot.rpc.RawHttp2.ENHANCE_YOUR_CALM;
import static dev.moonboot.rpc.RawHttp2.GOAWAY;
import static dev.moonboot.rpc.RawHttp2.HEADERS;
import static dev.moonboot.rpc.RawHttp2.PING;
import static dev.moonboot.rpc.RawHttp2.REFUSED_STREAM;
import static dev.moonboot.rpc.RawHttp2.RST_STREAM;
import static dev.moonboot.rpc.RawHttp2.SETTINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.moonboot.rpc.RawHttp2.Frame;
import dev.moonboot.rpc.pb.GenericGrpc;
import dev.moonboot.rpc.pb.GenericPutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients that mean no good, with a good certificate, come to. */
class RpcLimitsTest {
  private static final String LIST = "/rpcpb.Groups/GroupList";
  private static final String PUT = "/rpcpb.Generic/GenericPut";

  @TempDir private static Path certificates;
  private static Authority authority;

  @TempDir private Path data;
  private RpcLab lab;

  @BeforeAll
  static void authority() throws IOException {
    authority = new Authority(certificates.resolve("ca"));
    authority.issue("server", "server");
    authority.issue("client", "client");
  }

  @BeforeEach
  void start() {
    start(Duration.ofSeconds(60));
  }

  private void start(Duration patience) {
    lab = new RpcLab(authority, data, ClientRoles.ANY, null, patience);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private RawHttp2 raw() throws Exception {
    return new RawHttp2(authority, "client", lab.listener.address().getPort());
  }

  /** Others are served meanwhile. */
  private void assertServes() {
    assertEquals(Status.OK, RpcLab.status(lab.client("client"), LIST, new byte[0]));
  }

  private interface Flood {
    void send(RawHttp2 to) throws IOException;
  }

  /** Sends while the answers are read, until the connection is told to go away. */
  private int goAway(Flood flood) throws Exception {
    Thread sender;
    int code;
    try (RawHttp2 connection = raw()) {
      sender = Thread.ofVirtual().start(() -> send(flood, connection));
      Optional<Frame> frame = connection.next(GOAWAY);
      assertServes();
      assertTrue(frame.isPresent(), "no GOAWAY");
      assertEquals(Optional.empty(), connection.next(GOAWAY), "it is closed");
      code = frame.get().code(4);
    }
    sender.join();
    return code;
  }

  private static void send(Flood flood, RawHttp2 connection) {
    try {
      flood.send(connection);
    } catch (IOException e) {
      // the connection was closed, as it should be
    }
  }

  @Test
  void g_06_ten_thousand_resets_end_the_connection() throws Exception {
    byte[] head = RawHttp2.head(LIST);
    assertEquals(
        ENHANCE_YOUR_CALM,
        goAway(connection -> {
          for (int stream = 1; stream < 20_000; stream += 2) {
            connection.send(HEADERS, END_HEADERS, stream, head);
            connection.send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
          }
        }));
  }

  @Test
  void g_06_a_flood_of_pings_ends_the_connection() throws Exception {
    assertEquals(
        ENHANCE_YOUR_CALM,
        goAway(connection -> {
          for (int i = 0; i < 10_000; i++) {
            connection.send(PING, 0, 0, new byte[8]);
          }
        }));
  }

  @Test
  void g_06_headers_without_end_end_the_connection() throws Exception {
    byte[] piece = new byte[16_000]; // of the value of a header that is 2 MiB long
    int code =
        goAway(connection -> {
          connection.send(HEADERS, 0, 1, bombHead());
          for (int i = 0; i < 128; i++) {
            connection.send(CONTINUATION, 0, 1, piece);
          }
        });
    assertTrue(code != 0, "an error, not a farewell");
  }

  /** A name, and that its value has 2 MiB (RFC 7541, 5.1). */
  private static byte[] bombHead() {
    byte[] head = RawHttp2.head(LIST);
    ByteBuffer bomb = ByteBuffer.allocate(head.length + 8);
    bomb.put(head).put(new byte[] {0, 1, 'x', 0x7f, (byte) 0x81, (byte) 0xff, 0x7f, 0});
    return bomb.array();
  }

  @Test
  void g_06_a_thousand_calls_at_once_are_a_hundred() throws Exception {
    try (RawHttp2 connection = raw()) {
      Map<Integer, Integer> settings = settings(connection.next(SETTINGS).orElseThrow());
      assertEquals(RpcListener.MAX_CALLS, settings.get(3), "MAX_CONCURRENT_STREAMS");
      assertEquals(RpcListener.MAX_HEADERS, settings.get(6), "MAX_HEADER_LIST_SIZE");
      connection.send(SETTINGS, ACK, 0, new byte[0]);
      callAThousandTimes(connection);
      // Refusals are counted as resets are: so many of them end the connection.
      Optional<Frame> frame = connection.next();
      int refused = 0;
      while (frame.isPresent() && frame.get().type() != GOAWAY && refused < 900) {
        refused +=
            frame.get().type() == RST_STREAM && frame.get().code(0) == REFUSED_STREAM ? 1 : 0;
        frame = connection.next();
      }
      assertTrue(refused > 100, "refused " + refused);
    }
    assertServes();
  }

  /** The number is told in settings, which a client need not acknowledge (RFC 9113, 6.5.3). */
  @Test
  void g_06_a_client_that_acknowledges_no_limit_has_it_all_the_same() throws Exception {
    lab.close();
    start(Duration.ofSeconds(10)); // and not for as long as calls wait for their turn
    try (RawHttp2 connection = raw()) {
      callAThousandTimes(connection);
      Optional<Frame> frame = connection.next();
      int answered = 0;
      while (frame.isPresent() && frame.get().type() != GOAWAY && answered < 800) {
        answered += frame.get().type() == HEADERS ? 1 : 0;
        frame = connection.next();
      }
      assertEquals(800, answered, "refused at once");
    }
    assertServes();
  }

  private static void callAThousandTimes(RawHttp2 connection) throws IOException {
    byte[] head = RawHttp2.head(PUT);
    for (int i = 0; i < 1_000; i++) {
      connection.send(HEADERS, END_HEADERS, 2 * i + 1, head);
    }
  }

  private static Map<Integer, Integer> settings(Frame frame) {
    Map<Integer, Integer> settings = new HashMap<>();
    for (ByteBuffer in = frame.payload().duplicate(); in.hasRemaining(); ) {
      settings.put((int) in.getShort(), in.getInt());
    }
    return settings;
  }

  @Test
  void g_06_messages_end_at_four_mebibytes_and_none_is_unpacked() {
    ManagedChannel client = lab.client("client");
    var stub = GenericGrpc.newBlockingStub(client);
    var large =
        GenericPutRequest.newBuilder()
            .setName("x")
            .setConfig(ByteString.copyFrom(new byte[RpcListener.MAX_MESSAGE]))
            .build();
    assertEquals(Code.RESOURCE_EXHAUSTED, failure(stub, large));
    assertEquals(Code.UNIMPLEMENTED, failure(stub.withCompression("gzip"), large));
    assertServes();
  }

  private static Code failure(GenericGrpc.GenericBlockingStub stub, GenericPutRequest request) {
    return assertThrows(StatusRuntimeException.class, () -> stub.genericPut(request))
        .getStatus()
        .getCode();
  }

  @Test
  void g_06_a_call_that_sends_nothing_takes_its_connection_with_it() throws Exception {
    lab.close();
    start(Duration.ofSeconds(2));
    try (RawHttp2 connection = raw()) {
      for (int i = 0; i < 4; i++) { // all places that there are
        connection.send(HEADERS, END_HEADERS, 2 * i + 1, RawHttp2.head(PUT));
      }
      connection.next(GOAWAY); // until the end
    }
    assertServes();
  }

  @Test
  void g_06_of_one_address_there_are_only_so_many_connections() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * Connections.MOST_OF_ONE; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), lab.listener.address().getPort()));
      }
      int closed = 0;
      for (Socket socket : sockets.subList(Connections.MOST_OF_ONE, sockets.size())) {
        socket.setSoTimeout(60_000);
        closed += ends(socket) ? 1 : 0;
      }
      assertEquals(Connections.MOST_OF_ONE, closed);
      assertTrue(lab.listener.openConnections() <= Connections.MOST_OF_ONE);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (lab.listener.openConnections() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(10_000_000);
    }
    assertServes();
  }

  private static boolean ends(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return true; // a reset
    }
  }
}
