package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.RegistrySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TransportTest {
  /** Every look at a channel has a client of its own. */
  @Test
  void m_01_a_client_that_was_closed_takes_no_memory_for_ever() {
    WeakReference<Transport> closed = closed();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (closed.get() != null) {
      assertTrue(System.nanoTime() < end, "still there");
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** What Go's and nginx's servers say to a handshake. */
  @Test
  void who_speaks_plain_http_is_told_to_be_named_as_such() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Transport transport = new Transport(Network.SYSTEM, RegistrySettings.DEFAULT)) {
      Thread plain = Thread.startVirtualThread(() -> refuse(server));
      String address = "127.0.0.1:" + server.getLocalPort();
      URI uri = URI.create("https://" + address + "/v2/");
      IOException failure =
          assertThrows(
              IOException.class,
              () -> transport.send("GET", uri, Map.of(), Guard.Role.REGISTRY).close());
      assertEquals(
          "https://%s: no TLS is spoken there; name it in registry.plain-http (--plain-http) if it is"
                  .formatted(address)
              + " meant to speak plain HTTP",
          failure.getMessage());
      plain.join();
    }
  }

  private static void refuse(ServerSocket server) {
    try (Socket connection = server.accept()) {
      connection.getInputStream().readNBytes(16);
      connection.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      connection.shutdownOutput();
      connection.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WeakReference<Transport> closed() {
    Transport transport = new Transport(Network.SYSTEM, RegistrySettings.DEFAULT);
    transport.close();
    return new WeakReference<>(transport);
  }
}
