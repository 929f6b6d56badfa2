package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.config.ConfigException;
import dev.moonboot.config.Configuration;
import dev.moonboot.demo.DemoRegistry;
import dev.moonboot.http.Health;
import dev.moonboot.release.FollowListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplianceTest {
  private static final String ASSET = "/assets/talos/custom/vmlinuz-arm64";

  @TempDir Path folder;

  private Path config(String registry, String listeners) throws IOException {
    return Files.writeString(
        folder.resolve("moonboot.yaml"),
        """
        data: %s
        cache: cache
        state: state
        channels: {custom: {image: "%s/demo/installer:stable"}}
        registry: {plain-http: ["%s"]}
        follow: {every: 1s}
        %s
        """
            .formatted(
                Path.of("../profiles/minimal").toAbsolutePath(), registry, registry, listeners));
  }

  private static final String FREE =
      """
      http: {address: "127.0.0.1:0"}
      admin: {address: "127.0.0.1:0"}
      tftp: {address: "127.0.0.1:0"}
      """;

  private static Appliance start(Path config) {
    return Appliance.start(
        Configuration.load(config, Map.of(), ApplianceConfig::read).value(), FollowListener.NONE);
  }

  private static int status(Appliance appliance, String path) throws IOException {
    HttpURLConnection connection = connection(appliance, path);
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private static HttpURLConnection connection(Appliance appliance, String path) throws IOException {
    var url = URI.create("http://127.0.0.1:" + appliance.bootAddress().getPort() + path).toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  private static void await(BooleanSupplier condition, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within " + atMost);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void b_01_a_populated_cache_serves_with_the_registry_gone() throws IOException {
    Path config;
    Digest pushed;
    try (DemoRegistry registry = DemoRegistry.start()) {
      pushed = registry.push("stable", "v1-demo");
      config = config(registry.host(), FREE);
      try (Appliance first = start(config)) {
        await(() -> first.releases().head("custom").isPresent(), Duration.ofMinutes(1));
      }
    }
    try (Appliance again = start(config)) {
      byte[] bytes = connection(again, ASSET).getInputStream().readAllBytes();
      assertEquals(pushed, again.releases().head("custom").orElseThrow().digest());
      assertEquals('M', bytes[0]);
      assertEquals(200, status(again, "/readyz"));
      await(() -> again.following().statuses().getFirst().failures() > 0, Duration.ofSeconds(30));
      assertArrayEquals(bytes, connection(again, ASSET).getInputStream().readAllBytes());
    }
  }

  @Test
  void b_02_with_nothing_cached_it_runs_and_tells_nodes_to_wait() throws IOException {
    try (Appliance appliance = start(config("127.0.0.1:1", FREE))) {
      assertEquals(200, status(appliance, "/livez"));
      assertEquals(503, status(appliance, "/readyz"));
      assertEquals(200, status(appliance, "/boot.ipxe"));
      HttpURLConnection asset = connection(appliance, ASSET);
      assertEquals(503, asset.getResponseCode());
      assertTrue(asset.getHeaderFieldInt("Retry-After", 0) > 0);
      asset.disconnect();
    }
  }

  @Test
  void a_15_without_an_audit_log_on_disk_it_serves_and_health_says_so() throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("state")).resolve("audit"), "");
    try (Appliance appliance = start(config("127.0.0.1:1", FREE))) {
      await(() -> audit(appliance).detail().contains("to the log alone"), Duration.ofSeconds(30));
      assertTrue(audit(appliance).ok());
      assertEquals(200, status(appliance, "/livez"));
    }
  }

  private static Health.Check audit(Appliance appliance) {
    return check(appliance, "audit");
  }

  private static Health.Check check(Appliance appliance, String part) {
    return appliance.health().live().stream()
        .filter(check -> check.part().equals(part))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void dhcp_waits_for_an_interface_that_is_not_there_yet() throws IOException {
    Path config = config("127.0.0.1:1", FREE + "dhcp: {interfaces: [no-such-one]}\n");
    try (Appliance appliance = start(config)) {
      assertEquals(
          new Health.Check(
              "dhcp",
              true,
              "no-such-one waiting why=\"there is no such interface, or it is down\""),
          check(appliance, "dhcp"));
    }
  }

  @Test
  void d_10_dhcp_without_interfaces_is_no_configuration() throws IOException {
    Path config = config("127.0.0.1:1", FREE + "dhcp: {enabled: true}\n");
    assertThrows(ConfigException.class, () -> start(config));
  }

  @Test
  void f_10_a_port_in_use_is_named_and_nothing_is_left_open() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Path config =
          config(
              "127.0.0.1:1",
              """
              http: {address: "127.0.0.1:0"}
              admin: {address: "%s"}
              tftp: {enabled: false}
              """
                  .formatted(address));
      var failed = assertThrows(StartException.class, () -> start(config));
      String message = String.valueOf(failed.getMessage());
      assertTrue(message.startsWith("cannot listen on " + address + " (admin.address): "), message);

      var err = new StringWriter();
      String[] serve = {"serve", "--config", config.toString()};
      int code = Main.run(serve, new PrintWriter(new StringWriter()), new PrintWriter(err, true));
      assertEquals(1, code);
      assertTrue(
          err.toString().startsWith("moonboot: cannot listen on " + address), err.toString());
    }
    try (Appliance appliance = start(config("127.0.0.1:1", FREE))) { // its cache is free again
      assertEquals(200, status(appliance, "/livez"));
    }
  }

  @Test
  void f_10_where_tftp_has_no_port_http_has_none_either() throws IOException {
    int http;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      http = free.getLocalPort();
    }
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String tftp = "127.0.0.1:" + taken.getLocalPort();
      Path config =
          config(
              "127.0.0.1:1",
              """
              http: {address: "127.0.0.1:%d"}
              admin: {address: "127.0.0.1:0"}
              tftp: {address: "%s"}
              """
                  .formatted(http, tftp));
      var failed = assertThrows(StartException.class, () -> start(config));
      assertTrue(String.valueOf(failed.getMessage()).contains(tftp), failed.getMessage());
    }
    try (var again = new ServerSocket(http, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(http, again.getLocalPort());
    }
  }

  @Test
  void b_06_randomness_does_not_delay_a_start() {
    Duration best = Duration.ofDays(1);
    for (int round = 0; round < 5; round++) { // the best of some: the machine may be busy
      long begin = System.nanoTime();
      new SecureRandom().nextBytes(new byte[64]);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      best = took.compareTo(best) < 0 ? took : best;
    }
    assertTrue(best.toMillis() <= 100, "it took " + best);
  }

  @Test
  void a_cache_in_use_is_73() throws IOException {
    Path config = config("127.0.0.1:1", FREE);
    try (Appliance _ = start(config)) {
      var err = new StringWriter();
      int code =
          Main.run(
              new String[] {"serve", "--config", config.toString()},
              new PrintWriter(new StringWriter()),
              new PrintWriter(err, true));
      assertEquals(73, code, err.toString());
      assertTrue(err.toString().contains(folder.resolve("cache").toString()), err.toString());
    }
  }

  @Test
  void the_whole_is_ended_when_a_part_has_died() throws Exception {
    try (Appliance appliance = start(config("127.0.0.1:1", FREE))) {
      var supervisor =
          new Supervisor(
              appliance,
              SystemdNotifier.of(
                  Map.of("NOTIFY_SOCKET", "/nonexistent", "WATCHDOG_USEC", "60000")));
      appliance.following().close();
      assertEquals(false, supervisor.watch());
    }
  }
}
