package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.demo.DemoRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged server, killed again and again while it refreshes and nodes boot; as often as {@code
 * -Dmoonboot.kills} says.
 */
class KillLoopIT {
  private static final int KILLS = Integer.getInteger("moonboot.kills", 6);
  private static final Pattern URL = Pattern.compile("/assets/talos/custom/sha256-\\S+");

  @TempDir private static Path work;

  private final Map<String, Digest> contents = new ConcurrentHashMap<>();
  private final AtomicInteger complete = new AtomicInteger();

  @Test
  void c_04_killed_at_any_time_it_starts_again_and_serves_only_whole_files() throws Exception {
    long seed = System.nanoTime();
    System.out.println("kills with seed " + seed);
    Random random = new Random(seed);
    FilledCache filled = FilledCache.in(work);
    try (DemoRegistry registry = DemoRegistry.start();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Path config = filled.config(registry.host(), "");
      for (int kill = 0; kill < KILLS; kill++) {
        registry.push("stable", "v" + kill + "-demo");
        try (var server = ServerProcess.start(config, List.of(), Map.of()).serving()) {
          assertEquals(200, server.status(FilledCache.KERNEL), server::log);
          var probes =
              List.of(threads.submit(() -> boot(server)), threads.submit(() -> boot(server)));
          LockSupport.parkNanos(random.nextInt(1_500_000_000)); // when it dies
          server.signal("KILL");
          server.exit(Duration.ofSeconds(10));
          for (var probe : probes) {
            probe.get();
          }
        }
        checkObjects();
      }
      registry.push("stable", "v-last");
      try (var server = ServerProcess.start(config, List.of(), Map.of()).serving()) {
        server.await(
            "the last release",
            Duration.ofMinutes(1),
            () -> server.status("/readyz") == 200 && server.log().contains("result=updated"));
        checkObjects();
      }
    }
    System.out.printf("kills=%d whole_files=%d urls=%d%n", KILLS, complete.get(), contents.size());
    assertTrue(complete.get() > KILLS, "hardly anything was fetched");
  }

  /** Boots until the server is gone. */
  private void boot(ServerProcess server) {
    int port = server.http().getPort();
    try {
      while (server.isAlive()) {
        String script = new String(fetch(port, "/ipxe?mac=52:54:00:00:00:01&arch=x86_64"), UTF_8);
        for (Matcher url = URL.matcher(script); url.find(); ) {
          fetch(port, url.group());
        }
      }
    } catch (IOException e) {
      // cut off: it was killed
    }
  }

  /** All of it, which must have the digest that its headers say and that it always had. */
  private byte[] fetch(int port, String path) throws IOException {
    var connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setReadTimeout(10_000);
    try (var in = connection.getInputStream()) {
      byte[] body = in.readAllBytes();
      String says = connection.getHeaderField("Repr-Digest");
      if (says != null && body.length == connection.getContentLength()) {
        Digest digest = Digest.of(body);
        String base64 = says.substring("sha-256=:".length(), says.length() - 1);
        assertEquals(HexFormat.of().formatHex(Base64.getDecoder().decode(base64)), digest.hex());
        assertEquals(digest, contents.merge(path, digest, (before, _) -> before));
        complete.incrementAndGet();
      }
      return body;
    }
  }

  /** Every object under its digest name hashes to that name. */
  private static void checkObjects() throws IOException {
    try (var blobs = Files.list(work.resolve("cache/blobs/sha256"))) {
      for (Path blob : (Iterable<Path>) blobs::iterator) {
        assertEquals(blob.getFileName().toString(), Digest.of(Files.readAllBytes(blob)).hex());
      }
    }
  }
}
