package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest node sends, or that only some send. */
class HostileRequestsTest {
  private static final String CANARY = "canary-7f3a91";

  @TempDir Path data;
  private BootFixture server;

  @BeforeEach
  void start() throws IOException {
    server = BootFixture.start(data.resolve("served"));
    Files.writeString(data.resolve("canary"), CANARY);
    Files.writeString(server.data.resolve("canary"), CANARY);
    server.file("readme.txt", "hello\n");
    server.publish();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Sends bytes on a connection of their own and returns all that comes back. */
  private String all(String bytes) throws IOException {
    try (RawClient client = RawClient.connect(server.address())) {
      client.send(bytes);
      client.socket().shutdownOutput();
      return client.rest();
    }
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static int answers(String wire) {
    return wire.split("HTTP/1\\.1 ", -1).length - 1;
  }

  private RawClient.Answer get(String target) throws IOException {
    RawClient.Answer answer = RawClient.get(server.address(), target);
    assertFalse(answer.text().contains(CANARY), target);
    return answer;
  }

  @Test
  void a_client_that_tries_tls_first_is_told_at_once() throws IOException {
    try (RawClient client = RawClient.connect(server.address())) {
      client.send("\u0016\u0003\u0001\u0000\u0005hello");
      assertEquals(400, client.read("GET").status()); // the other side sends nothing more
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/../../canary",
        "/assets/../canary",
        "/../canary",
        "/assets/talos/../../canary",
        "//canary",
        "/./canary"
      })
  void h_01_dots_are_cleaned_before_anything_is_looked_up(String target) throws IOException {
    RawClient.Answer answer = get(target);
    assertEquals("307 /canary", answer.status() + " " + answer.header("Location"));
    assertEquals(404, get("/canary").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/%2e%2e/canary",
        "/assets/%2E%2e/canary",
        "/assets/..%2fcanary",
        "/assets/..%5ccanary",
        "/assets/.%2e/canary",
        "/assets/%2e./canary",
        "/assets/%2fetc%2fpasswd",
        "/assets/%252e%252e/canary",
        "/assets/%c0%ae%c0%ae/canary",
        "/assets/readme.txt;x=/../../canary",
        "/assets/talos/custom/%2e%2e/%2e%2e/readme.txt"
      })
  void h_02_encoded_dots_and_slashes_are_no_path_syntax(String target) throws IOException {
    assertTrue(List.of(400, 404, 307).contains(get(target).status()), target);
    if (!target.contains(";")) {
      assertTrue(List.of(400, 404).contains(get(target).status()), target);
    }
  }

  @Test
  void h_03_nul_and_control_bytes() throws IOException {
    assertEquals(404, get("/assets/readme.txt%00").status());
    assertEquals(400, get("/ipxe?uuid=a%00b").status());
    for (String raw : List.of("\0", "\1", "\33", "\177", "\t")) {
      assertTrue(all("GET /a" + raw + "b HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 400"));
      assertTrue(
          all("GET /ipxe?a=" + raw + " HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 400"));
    }
  }

  @Test
  void h_04_a_link_that_leads_out_is_not_followed_and_one_that_stays_is() throws IOException {
    Path assets = server.data.resolve("assets");
    Files.createSymbolicLink(assets.resolve("out"), data.resolve("canary"));
    Files.createSymbolicLink(assets.resolve("outside"), data);
    Files.createSymbolicLink(assets.resolve("in"), Path.of("readme.txt"));
    assertEquals(404, get("/assets/out").status());
    assertEquals(404, get("/assets/outside/canary").status());
    assertEquals("hello\n", get("/assets/in").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/assets/", "/assets/talos/", "/assets/folder/", "/assets/talos/custom/"})
  void h_05_no_folder_is_ever_listed(String target) throws IOException {
    server.file("folder/inside.txt", "x");
    server.file("talos/inside.txt", "x");
    assertEquals("404 404 page not found\n", get(target).status() + " " + get(target).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {".dot", ".git/config", "a/.b/c", "vmlinuz.part", "x.part/y"})
  void h_06_hidden_and_unfinished_files_are_not_there(String name) throws IOException {
    server.file(name, "secret");
    assertEquals(404, get("/assets/" + name).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO"})
  void h_08_other_methods_are_refused(String method) throws IOException {
    for (String target : List.of("/ipxe", "/assets/readme.txt", "/nowhere")) {
      RawClient.Answer answer = RawClient.ask(server.address(), method, target);
      assertEquals("405 GET, HEAD", answer.status() + " " + answer.header("Allow"));
    }
  }

  @Test
  void h_08_an_announced_body_is_not_taken_for_a_request() throws IOException {
    String wire =
        all(
            head("POST /ipxe HTTP/1.1", "Host: x", "Content-Length: 36")
                + head("GET /boot.ipxe HTTP/1.1", "Host: x"));
    assertTrue(wire.startsWith("HTTP/1.1 405"), wire);
    assertTrue(wire.contains("Connection: close\r\n"), wire);
    assertEquals(1, answers(wire));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked"})
  void h_09_a_get_with_a_body_is_refused_and_closed(String header) throws IOException {
    try (RawClient client = RawClient.connect(server.address())) {
      RawClient.Answer answer = client.request("GET", "/boot.ipxe", header).read("GET");
      assertEquals("413 close", answer.status() + " " + answer.header("Connection"));
      client.send("0123456789");
      client.socket().shutdownOutput();
      assertTrue(client.isClosed());
    }
  }

  static List<String> broken() {
    String line = "GET /boot.ipxe HTTP/1.1\r\n";
    return List.of(
        line + "Host: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        line + "Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /boot.ipxe HTTP/1.1\nHost: x\n\n",
        line + "Host: x\nA: b\r\n\r\n",
        line + "Host : x\r\n\r\n",
        line + "Host: x\r\nA: b\r\n folded\r\n\r\n",
        line + "\r\n",
        line + "Host: x\r\nHost: y\r\n\r\n",
        line + "Host: x\r\n" + "A: b\r\n".repeat(64) + "\r\n",
        line + "Host: x\r\nA: " + "b".repeat(20 * 1024) + "\r\n\r\n",
        "GET /" + "a".repeat(9 * 1024) + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /boot.ipxe HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n",
        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\n\n");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("broken")
  void h_10_what_is_malformed_or_too_large_is_refused_and_closed(String bytes) throws IOException {
    String next = "GET /boot.ipxe HTTP/1.1\r\nHost: x\r\n\r\n";
    String wire = all(bytes + next);
    assertTrue(wire.matches("(?s)HTTP/1\\.1 (400|413|414|431|505) .*"), wire);
    assertEquals(1, answers(wire), wire);
    assertTrue(wire.contains("nosniff"), wire);
    assertFalse(wire.contains("helidon") || wire.contains("Exception"), wire);
  }

  @Test
  void h_11_pipelined_requests_are_answered_in_order_and_the_connection_goes_on()
      throws IOException {
    try (RawClient client = RawClient.connect(server.address())) {
      client.send(
          "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /assets/readme.txt HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("matchbox\n", client.read("GET").text());
      assertEquals("hello\n", client.read("GET").text());
      assertEquals("", client.request("HEAD", "/assets/readme.txt").read("HEAD").text());
      assertEquals("matchbox\n", client.request("GET", "/").read("GET").text());
    }
  }

  @Test
  void h_12_http_1_0_without_host_as_u_boot_sends_it() throws IOException {
    server.profile("/vmlinuz", "");
    for (String target :
        List.of("/ipxe?mac=52-54-00-00-00-01", "/assets/talos/custom/vmlinuz-arm64")) {
      try (RawClient client = RawClient.connect(server.address())) {
        RawClient.Answer answer = client.send("GET " + target + " HTTP/1.0\r\n\r\n").read("GET");
        assertEquals("200 close", answer.status() + " " + answer.header("Connection"));
        assertFalse(answer.has("Transfer-Encoding"));
        assertTrue(answer.head().length() <= 2048, answer.head());
        assertTrue(client.isClosed(), "lwIP waits for the end of the stream");
      }
    }
  }

  @Test
  void connection_close_is_kept() throws IOException {
    try (RawClient client = RawClient.connect(server.address())) {
      RawClient.Answer answer = client.request("GET", "/", "Connection: close").read("GET");
      assertEquals("close", answer.header("Connection"));
      assertTrue(client.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host: evil.example", "Host: localhost\r\nX-Forwarded-Host: evil.example"})
  void h_16_no_script_repeats_what_a_client_claims(String headers) throws IOException {
    server.profile("/assets/talos/custom/vmlinuz-arm64", "");
    String claims =
        headers
            + "\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: evil\r\nForwarded: host=evil\r\n";
    for (String target : List.of("/boot.ipxe", "/ipxe", "http://evil.example/ipxe", "/grub")) {
      String wire = all("GET " + target + " HTTP/1.1\r\n" + claims + "\r\n");
      assertTrue(wire.startsWith("HTTP/1.1 200"), wire);
      assertFalse(wire.contains("evil"), wire);
    }
  }

  @Test
  void h_17_errors_are_short_and_tell_nothing() throws IOException {
    for (String target :
        List.of("/nowhere", "/assets/nowhere", "/assets/talos/custom/nothing", "/ipxe?x=y")) {
      RawClient.Answer answer = get(target);
      assertEquals("404 page not found\n", answer.text());
      assertEquals("nosniff", answer.header("X-Content-Type-Options"));
      assertFalse(answer.has("Server"));
    }
  }

  @Test
  void h_18_http_2_is_not_spoken() throws IOException {
    String upgrade =
        all(
            head(
                "GET / HTTP/1.1",
                "Host: x",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQAAP__"));
    assertTrue(upgrade.startsWith("HTTP/1.1 200"), upgrade);
    String preface = all("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assertTrue(preface.startsWith("HTTP/1.1 400"), preface);
  }

  @Test
  void h_19_a_proxy_protocol_header_is_refused() throws IOException {
    String v1 = "PROXY TCP4 6.6.6.6 127.0.0.1 1 2\r\n";
    String v2 = "\r\n\r\n\0\r\nQUIT\n!\u0011\0\f\6\6\6\6\177\0\0\1\0\1\0\2";
    for (String header : List.of(v1, v2)) {
      String wire = all(header + "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(wire.startsWith("HTTP/1.1 400"), wire);
      assertEquals(1, answers(wire));
    }
  }

  @Test
  void a_redirect_never_leads_to_another_host() throws IOException {
    for (String target : List.of("//evil.example/..", "///evil.example", "/.//evil.example")) {
      String location = get(target).header("Location");
      assertTrue(
          location.startsWith("/") && !location.startsWith("//"), target + " to " + location);
    }
  }
}
