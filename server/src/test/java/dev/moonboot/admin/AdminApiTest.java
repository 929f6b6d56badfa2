package dev.moonboot.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.http.AdminConfig;
import dev.moonboot.http.AdminListener;
import dev.moonboot.http.Health;
import dev.moonboot.http.HttpLimits;
import dev.moonboot.http.RawClient;
import dev.moonboot.journal.Audit;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.Changes;
import dev.moonboot.release.FakeReleaseCache;
import dev.moonboot.release.FollowConfig;
import dev.moonboot.release.FollowListener;
import dev.moonboot.release.Following;
import dev.moonboot.release.Releases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiTest {
  @TempDir Path state;
  private final Meters meters = new Meters();
  private Following following;
  private AdminListener admin;

  @BeforeEach
  void start() {
    Channel channel =
        new Channel(
            "custom",
            new ImageReference(new SourceImage.Repository("127.0.0.1:5000", "talos"), "demo", null),
            List.of(Arch.ARM64));
    Releases releases = new Releases(List.of(channel), null);
    FakeReleaseCache unreachable = new FakeReleaseCache();
    unreachable.down = true;
    following =
        new Following(
            unreachable,
            releases,
            Changes.open(state, releases, Audit.NONE),
            FollowConfig.DEFAULT,
            meters,
            FollowListener.NONE);
    following.start();
    admin =
        new AdminListener(
            new AdminConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                HttpLimits.DEFAULT,
                null),
            new AdminApi(
                following,
                new Health() {
                  @Override
                  public List<Check> live() {
                    return List.of(new Check("follow", true, ""));
                  }

                  @Override
                  public List<Check> ready() {
                    return List.of(new Check("channel custom", false, "no release yet"));
                  }
                },
                meters));
    admin.start();
  }

  @AfterEach
  void stop() {
    admin.close();
    following.close();
  }

  private RawClient.Answer ask(String method, String target, String... headers) throws IOException {
    return RawClient.ask(admin.address(), method, target, headers);
  }

  private static Json.Obj json(RawClient.Answer answer) {
    return (Json.Obj) JsonText.parse(answer.text());
  }

  @Test
  void channels_are_listed_with_their_state() throws IOException {
    following.refreshNow("custom");
    RawClient.Answer answer = ask("GET", "/admin/v1/channels");
    assertEquals("200 application/json", answer.status() + " " + answer.header("Content-Type"));
    Json.Obj channel = (Json.Obj) json(answer).array("channels").orElseThrow().getFirst();
    assertEquals(Optional.of("custom"), channel.text("name"));
    assertEquals(Optional.of("127.0.0.1:5000/talos:demo"), channel.text("image"));
    assertEquals(Optional.of("stale"), channel.text("state"));
    assertEquals(Optional.of("connection refused"), channel.text("reason"));
    assertEquals(Optional.empty(), channel.text("release"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/admin/v1/channels", "/metrics", "/livez", "/readyz"})
  void what_is_read_is_read_only_and_head_works(String target) throws IOException {
    RawClient.Answer post = ask("POST", target);
    assertEquals("405 GET, HEAD", post.status() + " " + post.header("Allow"));
    assertTrue(Integer.parseInt(ask("HEAD", target).header("Content-Length")) > 0);
  }

  @Test
  void a_refresh_is_not_a_get() throws IOException {
    RawClient.Answer answer = ask("GET", "/admin/v1/channels/custom/refresh");
    assertEquals("405 POST", answer.status() + " " + answer.header("Allow"));
  }

  @Test
  void health_names_the_part_that_is_not_well() throws IOException {
    RawClient.Answer ready = ask("GET", "/readyz");
    assertEquals(503, ready.status());
    assertEquals(
        """
        {
          "ok": false,
          "checks": [
            {
              "part": "channel custom",
              "ok": false,
              "detail": "no release yet"
            }
          ]
        }
        """,
        ready.text());
    assertEquals(200, ask("GET", "/livez").status());
  }

  @Test
  void metrics_are_in_prometheus_text() throws IOException {
    meters.boot("talos", "plan");
    RawClient.Answer answer = ask("GET", "/metrics");
    assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.header("Content-Type"));
    assertTrue(answer.text().contains("moonboot_boots_total{profile=\"talos\",result=\"plan\"} 1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8090", "127.0.0.1.evil.example", "[::2]"})
  void a_foreign_host_is_refused(String host) throws IOException {
    try (RawClient client = RawClient.connect(admin.address())) {
      client.send("POST /admin/v1/channels/custom/refresh HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertEquals(403, client.read("POST").status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:8090", "127.0.0.1:1", "[::1]:8090"})
  void this_machine_is_let_in_by_any_of_its_names(String host) throws IOException {
    try (RawClient client = RawClient.connect(admin.address())) {
      client.send("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertEquals(200, client.read("GET").status());
    }
  }

  @Test
  void a_web_page_cannot_call() throws IOException {
    for (String origin : List.of("https://evil.example", "null", "http://localhost")) {
      RawClient.Answer answer =
          ask("POST", "/admin/v1/channels/custom/refresh", "Origin: " + origin);
      assertEquals(403, answer.status());
      assertFalse(answer.has("Access-Control-Allow-Origin"));
    }
  }

  @Test
  void every_answer_is_protected() throws IOException {
    for (String target : List.of("/livez", "/nope", "/admin/v1/channels")) {
      RawClient.Answer answer = ask("GET", target);
      Map<String, String> expected =
          Map.of(
              "Cache-Control", "no-store",
              "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
              "Cross-Origin-Resource-Policy", "same-origin",
              "Referrer-Policy", "no-referrer",
              "X-Content-Type-Options", "nosniff");
      expected.forEach((name, value) -> assertEquals(value, answer.header(name)));
    }
  }
}
