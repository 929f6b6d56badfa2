package dev.moonboot.talos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Timeline;
import dev.moonboot.journal.Told;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelLogTest {
  private final BootLog boots = new BootLog();
  private final KernelLog log =
      new KernelLog(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), boots);

  @BeforeEach
  void boot() {
    log.start();
    boots.told(
        new Told(
            new Boot.Node("52:54:00:a1:9c:ae", "", "", "amd64", "127.0.0.1"),
            new Boot.Answer("g", "p", "", "", ""),
            Told.Form.IPXE,
            List.of(),
            List.of("talos.logging.kernel=tcp://127.0.0.1:1")));
  }

  @AfterEach
  void stop() {
    log.close();
  }

  private Socket connect() throws IOException {
    return new Socket(log.address().getAddress(), log.address().getPort());
  }

  private static void send(Socket socket, String msg) throws IOException {
    String line = "{\"msg\":\"%s\",\"talos-level\":\"info\"}\n".formatted(msg);
    socket.getOutputStream().write(line.getBytes(UTF_8));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "within 20 s");
      Thread.sleep(5);
    }
  }

  private Boot boot(int id) {
    return boots.find(id).orElseThrow();
  }

  @Test
  void a_node_that_sends_its_kernel_log_is_seen_coming_up() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "Linux version 6.12");
      send(socket, "something else");
      socket.getOutputStream().write("not json\n".getBytes(UTF_8));
      send(socket, "[talos] boot sequence: done: 50s");
      await(() -> boot(1).timeline().verdict().outcome() == Timeline.Outcome.FINISHED);
    }
    assertEquals("talos-up", boot(1).timeline().verdict().rule());
    assertEquals(
        List.of("told p", "kernel Linux version 6.12", "sequence boot sequence: done: 50s"),
        boot(1).timeline().events().stream().map(e -> e.what() + " " + e.text()).toList());
  }

  @Test
  void a_line_that_is_too_long_is_left_out_and_the_next_is_not() throws Exception {
    try (Socket socket = connect()) {
      byte[] much = "x".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 20; i++) {
        socket.getOutputStream().write(much);
      }
      socket.getOutputStream().write('\n');
      send(socket, "Linux version 6.12");
      await(() -> boot(1).timeline().events().size() == 2);
    }
  }

  @Test
  void an_address_has_so_many_connections_and_gets_new_ones_for_those_it_closed() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < KernelLog.MOST_OF_ONE; i++) {
        sockets.add(connect());
      }
      await(() -> log.openConnections() == KernelLog.MOST_OF_ONE);
      try (Socket more = connect()) {
        more.setSoTimeout(20_000);
        assertEquals(-1, more.getInputStream().read());
      }
      sockets.removeFirst().close();
      await(() -> log.openConnections() == KernelLog.MOST_OF_ONE - 1);
      sockets.add(connect());
      await(() -> log.openConnections() == KernelLog.MOST_OF_ONE);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void a_node_that_writes_without_end_is_read_and_not_kept() throws Exception {
    try (Socket socket = connect()) {
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 100_000; i++) {
        many.append("{\"msg\":\"[talos] phase p%d (1/2): done\"}\n".formatted(i));
      }
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(many.toString().getBytes(UTF_8));
      socket.shutdownOutput();
      await(() -> log.openConnections() == 0);
    }
    Timeline timeline = boot(1).timeline();
    assertTrue(timeline.events().size() <= 40, timeline.toString());
    assertEquals(501, timeline.events().size() + timeline.leftOut());
    assertEquals(1, boots.recent(BootFilter.ALL, 9).size());
  }
}
