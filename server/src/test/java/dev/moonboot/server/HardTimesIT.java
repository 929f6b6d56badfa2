package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.demo.DemoRegistry;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Too few files, too little memory, a clock that is wrong, no network, DNS that does not answer.
 */
class HardTimesIT {
  @TempDir private static Path work;
  private static FilledCache filled;

  @BeforeAll
  static void fill() throws IOException {
    filled = FilledCache.in(work);
  }

  private static ServerProcess start(List<String> prefix, Map<String, String> environment)
      throws IOException {
    return ServerProcess.start(filled.config(), prefix, environment).serving();
  }

  private static List<String> shell(String script) {
    return List.of("sh", "-c", script + "; exec \"$@\"", "sh");
  }

  @Test
  void l_08_with_256_files_it_turns_callers_away_and_recovers() throws Exception {
    try (ServerProcess server = start(shell("ulimit -n 256"), Map.of())) {
      byte[] kernel = server.body(FilledCache.KERNEL);
      List<Socket> silent = new ArrayList<>();
      try {
        for (int i = 0; i < 400; i++) {
          Socket socket = new Socket();
          silent.add(socket);
          socket.connect(server.http());
        }
        Duration before = server.cpu();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2)); // how long CPU is measured
        Duration spent = server.cpu().minus(before);
        assertTrue(spent.toMillis() < 1000, "it is busy: " + spent);
      } finally {
        for (Socket socket : silent) {
          socket.close();
        }
      }
      server.await("it serves", Duration.ofSeconds(20), () -> server.status("/") == 200);
      assertArrayEquals(kernel, server.body(FilledCache.KERNEL));
      long written = server.logSize();
      assertTrue(written < 256 * 1024, "it wrote " + written + " bytes of log");
    }
  }

  @Test
  void m_03_out_of_memory_it_ends_and_after_its_restart_serves_from_the_cache() throws Exception {
    Path groups = filled.folder().resolve("data/groups");
    List<Path> large = new ArrayList<>();
    try (ServerProcess server = start(List.of(), Map.of("MOONBOOT_JVM_OPTIONS", "-Xmx24m"))) {
      String group = // each another one: what is alike in groups is kept once
          "{\"profile\": \"talos\", \"metadata\": {\"a\": \"%%d %s\"}}"
              .formatted("x".repeat(500_000));
      for (int i = 0; i < 200; i++) {
        large.add(Files.writeString(groups.resolve("g" + i + ".json"), group.formatted(i)));
      }
      assertEquals(3, server.exit(Duration.ofSeconds(60)), server::log);
    } finally {
      for (Path file : large) {
        Files.delete(file);
      }
    }
    try (ServerProcess again = start(List.of(), Map.of())) {
      assertEquals(200, again.status(FilledCache.KERNEL));
    }
  }

  /** A wall clock of 1970 (no battery) and of 2040; monotonic clocks go on as they should. */
  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:10:00Z", "2040-01-01T00:00:00Z"})
  void b_01_with_any_clock_it_serves_from_the_cache_and_deletes_nothing(String date)
      throws Exception {
    Path shim = filled.folder().resolve("clockshift.so");
    Path source = Path.of(System.getProperty("moonboot.root", ".."), "server/src/test/c");
    Process compiled =
        new ProcessBuilder(
                Requires.program("gcc").toString(),
                "-shared",
                "-fPIC",
                "-o",
                shim.toString(),
                source.resolve("clockshift.c").toString(),
                "-ldl")
            .inheritIO()
            .start();
    assertEquals(0, compiled.waitFor());
    long shift = Duration.between(Instant.now(), Instant.parse(date)).toSeconds();
    List<String> before = files();
    Map<String, String> environment =
        Map.of("LD_PRELOAD", shim.toString(), "CLOCK_SHIFT", Long.toString(shift));
    try (DemoRegistry registry = DemoRegistry.start()) {
      registry.push("stable", "v1-demo");
      Path config = filled.config(registry.host(), "");
      try (var server = ServerProcess.start(config, List.of(), environment).serving()) {
        assertEquals(200, server.status(FilledCache.KERNEL), server::log);
        assertTrue(server.log().contains(date.substring(0, 4)), "the clock is not shifted");
        String looked = "moonboot_refreshes_total{channel=\"custom\",result=\"unchanged\"}";
        server.await(
            "a look at the channel",
            Duration.ofSeconds(30),
            () -> metrics(server).contains(looked));
        assertEquals(200, server.status(FilledCache.KERNEL));
        assertEquals(200, server.status("/readyz"));
      }
    }
    assertEquals(before, files());
  }

  private static String metrics(ServerProcess server) {
    try {
      return server.admin("/metrics");
    } catch (IOException e) {
      return "";
    }
  }

  /** What the cache holds that a sweep could take. */
  private static List<String> files() throws IOException {
    Path cache = filled.folder().resolve("cache");
    try (var all = Files.walk(cache)) {
      return all.map(cache::relativize)
          .map(Path::toString)
          .filter(name -> name.startsWith("blobs/") || name.startsWith("releases/"))
          .sorted()
          .toList();
    }
  }

  /** A network of its own, in which nothing but loopback is up, and no route leads anywhere. */
  private static List<String> alone(String script) {
    Requires.program("unshare");
    Requires.program("ip");
    boolean root = "root".equals(System.getProperty("user.name"));
    List<String> command = new ArrayList<>(List.of("unshare", "--net", "--mount", "--pid"));
    command.addAll(List.of("--fork", "--kill-child"));
    if (!root) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(shell("ip link set lo up; " + script));
    return command;
  }

  /** Runs curl beside the server, in its network. */
  private static String inside(ServerProcess server, String script) throws Exception {
    long pid =
        ProcessHandle.of(server.pid()).orElseThrow().children().findFirst().orElseThrow().pid();
    boolean root = "root".equals(System.getProperty("user.name"));
    List<String> command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid), "-n"));
    if (!root) {
      command.addAll(List.of("-U", "--preserve-credentials"));
    }
    command.addAll(List.of("sh", "-c", script));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }

  @Test
  void b_03_without_a_network_it_starts_and_serves_on_addresses_that_come_later() throws Exception {
    Path config =
        filled.config(
            "192.0.2.1:5000",
            "http: {address: \"0.0.0.0:8080\"}\ntftp: {address: \"0.0.0.0:6969\"}\n");
    try (var server = ServerProcess.start(config, alone(":"), Map.of()).serving()) {
      String get = "curl -s -o /dev/null -w '%{http_code}' http://10.9.8.7:8080";
      assertEquals("000", inside(server, get + "/"));
      assertEquals(
          "200", inside(server, "ip addr add 10.9.8.7/24 dev lo; " + get + FilledCache.KERNEL));
      String script = inside(server, "curl -s 'http://10.9.8.7:8080/ipxe?mac=52:54:00:a1:9c:ae'");
      assertTrue(script.startsWith("#!ipxe\n"), script);
    }
  }

  @Test
  void b_05_dns_that_never_answers_delays_nothing() throws Exception {
    Path resolver =
        Files.writeString(filled.folder().resolve("resolv.conf"), "nameserver 127.0.0.9\n");
    String deaf =
        "mount --bind "
            + resolver
            + " /etc/resolv.conf; "
            + "python3 -c 'import socket,time; s=socket.socket(2,2); s.bind((\"127.0.0.9\",53));"
            + " time.sleep(300)' & ";
    Path config =
        filled.config(
            "registry.moonboot.test",
            "http: {address: \"127.0.0.1:8080\"}\ntftp: {address: \"127.0.0.1:6969\"}\n");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("registry: {plain-http: [\"registry.moonboot.test\"]}\n", ""));
    long begin = System.nanoTime();
    try (var server = ServerProcess.start(config, alone(deaf + ":"), Map.of()).serving()) {
      String code =
          inside(
              server,
              "curl -s -o /dev/null -w '%{http_code} %{time_total}' http://127.0.0.1:8080"
                  + FilledCache.KERNEL);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertTrue(code.startsWith("200 0."), code);
      assertTrue(took.toSeconds() < 15, "it took " + took); // one answer of that DNS takes longer
    }
  }

  @Test
  void f_04_sighup_reads_the_configuration_again() throws Exception {
    // Under nohup the signal is ignored, and a JVM leaves it so.
    List<String> hearsHup = List.of("env", "--default-signal=HUP");
    try (ServerProcess server = start(hearsHup, Map.of())) {
      Path config = filled.config();
      Files.writeString(config, Files.readString(config).replace("every: 1s", "every: 2h"));
      server.signal("HUP");
      server.await(
          "a change in force",
          Duration.ofSeconds(20),
          () -> server.log().contains("config in force: follow.every 1s -> 2h"));
      Files.writeString(config, "htpp: {a: b}\n");
      server.signal("HUP");
      server.await(
          "a refusal",
          Duration.ofSeconds(20),
          () -> server.log().contains("config reload result=refused why="));
      assertTrue(server.log().contains("unknown key htpp"), server::log);
      assertEquals(200, server.status(FilledCache.KERNEL));
    }
  }
}
