package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifierTest {
  /** Java has no AF_UNIX datagrams, so something else has to listen. */
  private static final String LISTENER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1].replace("@", "\\0", 1))
      s.settimeout(20)
      print("bound", flush=True)
      for _ in range(3):
          print(s.recv(4096).decode().replace("\\n", "|"), flush=True)
      """;

  private static String heardAt(String socket) throws Exception {
    Path python = Requires.program("python3");
    Process listener =
        new ProcessBuilder(python.toString(), "-c", LISTENER, socket)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var said = listener.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("bound", said.readLine());
      var notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", socket));
      notifier.ready("serving on 127.0.0.1:8080");
      notifier.alive();
      notifier.stopping();
      String heard = said.readLine() + " " + said.readLine() + " " + said.readLine();
      listener.waitFor(20, TimeUnit.SECONDS);
      return heard;
    } finally {
      listener.destroyForcibly();
    }
  }

  private static final String ALL =
      "READY=1|STATUS=serving on 127.0.0.1:8080 WATCHDOG=1 STOPPING=1";

  @Test
  void tells_a_socket_in_the_file_system(@TempDir Path folder) throws Exception {
    assertEquals(ALL, heardAt(folder.resolve("notify").toString()));
  }

  @Test
  void tells_an_abstract_socket() throws Exception {
    Requires.that(Files.exists(Path.of("/proc/self")), "Linux");
    assertEquals(ALL, heardAt("@moonboot-test-" + ProcessHandle.current().pid()));
  }

  @Test
  void says_nothing_where_nobody_asked_and_survives_where_nobody_listens() {
    SystemdNotifier.of(Map.of()).ready("x");
    SystemdNotifier.of(Map.of("NOTIFY_SOCKET", "/nonexistent/socket")).ready("x");
  }

  @Test
  void knows_how_long_the_watchdog_waits() {
    String us = Long.toString(ProcessHandle.current().pid());
    assertEquals(
        Optional.of(Duration.ofSeconds(30)),
        SystemdNotifier.of(
                Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", us))
            .watchdog());
    assertEquals(
        Optional.empty(),
        SystemdNotifier.of(
                Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1"))
            .watchdog());
    assertEquals(Optional.empty(), SystemdNotifier.of(Map.of("WATCHDOG_USEC", "1")).watchdog());
  }
}
