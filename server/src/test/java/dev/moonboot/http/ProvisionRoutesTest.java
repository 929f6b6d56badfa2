package dev.moonboot.http;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.testing.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /metadata}, {@code /generic}, {@code /cloud} and {@code /ignition} over a real socket. */
class ProvisionRoutesTest {
  private static final String MAC = "mac=52-54-00-00-00-01";

  @TempDir Path data;
  private BootFixture server;

  @BeforeEach
  void start() throws IOException {
    write(
        "groups/one.json",
        """
        {"profile":"talos","selector":{"mac":"52:54:00:00:00:01"},"metadata":{"role":"worker"}}
        """);
    write(
        "profiles/talos.json",
        """
        {"id":"talos","generic_id":"t","cloud_id":"c","ignition_id":"i.ign"}
        """);
    write("generic/t", "role={{.role}} name={{index .request.query \"hostname\"}}\n");
    write("cloud/c", "#cloud-config\nrole: {{.role}}\n");
    write("ignition/i.ign", "{\"ignition\":{\"version\":\"3.4.0\"}}");
    server = BootFixture.start(data);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void write(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private RawClient.Answer get(String target, String... headers) throws IOException {
    return RawClient.get(server.address(), target, headers);
  }

  private static String head(RawClient.Answer answer) {
    return answer.head().replaceFirst("Date: .*\r\n", "").replace("\r\n", "\n").strip();
  }

  @Test
  void metadata_has_exactly_these_headers() throws IOException {
    assertEquals(
        """
        HTTP/1.1 200 OK
        Content-Type: plain/text
        Cache-Control: no-store
        X-Content-Type-Options: nosniff
        Content-Length: 110\
        """,
        head(get("/metadata?" + MAC)));
    assertEquals(
        """
        MAC=52:54:00:00:00:01
        REQUEST_QUERY_MAC=52:54:00:00:00:01
        REQUEST_RAW_QUERY=mac=52-54-00-00-00-01
        ROLE=worker
        """,
        get("/metadata?" + MAC).text());
  }

  @Test
  void generic_has_exactly_these_headers() throws IOException {
    assertEquals(
        """
        HTTP/1.1 200 OK
        Content-Type: text/plain; charset=utf-8
        Cache-Control: no-store
        Accept-Ranges: bytes
        Content-Security-Policy: default-src 'none'; sandbox
        X-Content-Type-Options: nosniff
        Content-Length: 20\
        """,
        head(get("/generic?" + MAC + "&hostname=n1")));
    assertEquals("role=worker name=n1\n", get("/generic?" + MAC + "&hostname=n1").text());
  }

  @Test
  void head_is_as_get_without_a_body() throws IOException {
    for (String path : List.of("/metadata?", "/generic?", "/cloud?", "/ignition?")) {
      RawClient.Answer head = RawClient.ask(server.address(), "HEAD", path + MAC);
      assertEquals(head(get(path + MAC)), head(head));
      assertEquals("200 0", head.status() + " " + head.body().length, path);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=0-3 206 bytes 0-3/18 role",
        "bytes=-1 206 bytes 17-17/18 \n",
        "bytes=5- 206 bytes 5-17/18 worker name=\n",
        "bytes=99- 416 bytes */18 invalid range: failed to overlap\n",
        "pages=1-2 416 (absent) invalid range\n",
        "bytes=0-0,2-2 200 (absent) role=worker name=\n"
      })
  void one_range_is_sent(String expected) throws IOException {
    String range = expected.substring(0, expected.indexOf(' '));
    RawClient.Answer answer = get("/generic?" + MAC, "Range: " + range);
    assertEquals(
        expected,
        range + " " + answer.status() + " " + answer.header("Content-Range") + " " + answer.text());
  }

  @Test
  void metadata_and_ignition_know_no_ranges() throws IOException {
    assertEquals(200, get("/metadata?" + MAC, "Range: bytes=0-3").status());
    assertEquals(200, get("/ignition?" + MAC, "Range: bytes=0-3").status());
  }

  @Test
  void why_there_is_nothing_stands_in_a_header_and_in_the_log() throws IOException {
    try (var log = new LogCapture(BootListener.class)) {
      RawClient.Answer answer = get("/generic?mac=52-54-00-00-00-02&hostname=secret-name");
      assertEquals("404 404 page not found\n", answer.status() + " " + answer.text());
      assertEquals("no group matches", answer.header("Moonboot-Reason"));
      assertEquals(
          List.of(
              "no_provision endpoint=generic node=52:54:00:00:00:02 client=127.0.0.1"
                  + " target=\"/generic?mac=52-54-00-00-00-02&hostname=secret-name\""
                  + " why=\"no group matches\""),
          log.messages(Level.INFO));
    }
    assertEquals(
        "no group matches; left out: hostname has control characters",
        get("/ipxe?hostname=a%0Ab").header("Moonboot-Reason"));
    assertFalse(get("/nothing").has("Moonboot-Reason"));
  }

  @Test
  void a_reason_is_one_line_of_ascii_whatever_is_named() throws IOException {
    write(
        "groups/two.json",
        "{\"profile\":\"é\\r\\nX-Evil: 1%s\",\"selector\":{\"uuid\":\"2\"}}"
            .formatted("x".repeat(300)));
    RawClient.Answer answer = get("/generic?uuid=2");
    assertEquals(
        "group two names the profile \"???X-Evil: 1" + "x".repeat(159),
        answer.header("Moonboot-Reason"));
    assertFalse(answer.has("X-Evil"));
  }

  @Test
  void what_is_sent_is_logged_by_group_and_profile_and_counted() throws IOException {
    try (var log = new LogCapture(BootListener.class)) {
      get("/generic?" + MAC);
      assertEquals(
          List.of(
              "provision endpoint=generic node=52:54:00:00:00:01 group=one profile=talos"
                  + " client=127.0.0.1"),
          log.messages(Level.INFO));
    }
    get("/cloud?mac=52-54-00-00-00-02");
    String meters = server.meters.scrape();
    assertTrue(
        meters.contains("moonboot_provisions_total{endpoint=\"generic\",result=\"sent\"} 1.0"),
        meters);
    assertTrue(
        meters.contains("moonboot_provisions_total{endpoint=\"cloud\",result=\"nothing\"} 1.0"),
        meters);
  }

  @Test
  void i_01_labels_that_would_break_a_line_are_absent_from_metadata_and_templates()
      throws IOException {
    for (String bad : List.of("%0a", "%0d", "%09", "%c2%85", "%e2%80%a8", "%7f")) {
      String query = MAC + "&hostname=n1" + bad + "role=evil&k" + bad + "=v";
      assertEquals("role=worker name=\n", get("/generic?" + query).text(), bad);
      assertEquals(
          """
          MAC=52:54:00:00:00:01
          REQUEST_QUERY_MAC=52:54:00:00:00:01
          REQUEST_RAW_QUERY=%s
          ROLE=worker
          """
              .formatted(query),
          get("/metadata?" + query).text(),
          bad);
    }
    assertEquals(400, get("/generic?" + MAC + "&hostname=%00").status());
  }

  @Test
  void i_01_labels_with_control_characters_are_kept_where_that_is_asked_for() throws IOException {
    try (BootFixture asWithMatchbox =
        BootFixture.start(data, new MatchboxWays(false, false, true))) {
      RawClient.Answer answer =
          RawClient.get(asWithMatchbox.address(), "/generic?" + MAC + "&hostname=a%0Ab%00");
      assertEquals("role=worker name=a\nb\0\n", answer.text());
    }
  }

  @Test
  void i_06_two_hundred_unknown_labels_change_nothing_and_long_ones_are_refused()
      throws IOException {
    String many = IntStream.range(0, 200).mapToObj(i -> "k" + i + "=v").collect(joining("&"));
    assertEquals(
        "role=worker name=n1\n",
        get("/generic?" + MAC + "&hostname=n1&hostname=n2&" + many).text());
    assertEquals(414, get("/generic?" + MAC + "&hostname=" + "x".repeat(8192)).status());
  }

  @Test
  void i_13_no_machine_config_is_sent_in_place_of_a_config_file() throws IOException {
    String secret = "cluster-key-7f3a91";
    server.file("machine/worker.yaml", "token: " + secret + "\n");
    write(
        "profiles/talos.json",
        """
        {"id":"talos","machine_config":"machine/worker.yaml",
         "generic_id":"../assets/machine/worker.yaml","cloud_id":"../assets/machine/worker.yaml",
         "ignition_id":"../assets/machine/worker.yaml",
         "boot":{"kernel":"/k","args":["a"]}}
        """);
    for (String path : List.of("ipxe", "grub", "metadata", "generic", "cloud", "ignition")) {
      RawClient.Answer answer = get("/" + path + "?" + MAC);
      assertFalse((answer.head() + answer.text()).contains(secret), path);
    }
    assertEquals(
        "generic/../assets/machine/worker.yaml of profile talos is none of the config files",
        get("/generic?" + MAC).header("Moonboot-Reason"));
  }

  @Test
  void a_browser_gets_a_page_that_runs_nothing() throws IOException {
    RawClient.Answer page = get("/", "Accept: text/html,application/xhtml+xml,*/*;q=0.8");
    assertEquals(200, page.status());
    assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
    String policy = page.header("Content-Security-Policy");
    assertTrue(
        policy.matches(
            "default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none';"
                + " form-action 'none'; frame-ancestors 'none'"),
        policy);
    assertTrue(page.text().contains("running, and not ready"), page.text());
    assertFalse(page.text().matches("(?s).*(<script|src=|http://|https://|url\\().*"), page.text());
    assertEquals("matchbox\n", get("/").text());
    assertEquals("matchbox\n", get("/", "Accept: */*").text());
  }
}
