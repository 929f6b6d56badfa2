package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
  private static RequestHead head(String... lines) {
    return new RequestHead((String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1));
  }

  private static String forHelidon(RequestHead head) {
    return new String(head.toHelidon(head.isLast()), ISO_8859_1).replace("\r\n", "|");
  }

  @Test
  void a_plain_request_passes_as_it_is() {
    RequestHead head = head("GET /ipxe?a=%41 HTTP/1.1", "Host: x", "Connection: keep-alive");
    assertFalse(head.isLast());
    assertEquals("GET /ipxe?a=%41 HTTP/1.1|Host: x|Connection: keep-alive||", forHelidon(head));
  }

  @Test
  void http_1_0_becomes_1_1_with_a_host_and_an_end() {
    assertEquals(
        "GET /x HTTP/1.1|Host: boot.invalid|Connection: close||",
        forHelidon(head("GET /x HTTP/1.0")));
    assertEquals(
        "GET /x HTTP/1.1|Host: y|Connection: close||",
        forHelidon(head("GET /x HTTP/1.0", "Host: y", "Connection: keep-alive", "Keep-Alive: 3")));
  }

  @ParameterizedTest
  @CsvSource({
    "http://h:80/ipxe?a=1, /ipxe?a=1",
    "HTTPS://h/x, /x",
    "http://h, /",
    "http://h?a, /?a",
    "/a://b, /a://b",
    "/é?ü, /%E9?%FC"
  })
  void a_target_is_in_origin_form_and_ascii(String sent, String seen) {
    assertEquals(
        "GET " + seen + " HTTP/1.1|Host: x||",
        forHelidon(head("GET " + sent + " HTTP/1.1", "Host: x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close",
        "connection:  keep-alive , Close",
        "Content-Length: 1",
        "content-length: 00",
        "Content-Length: x",
        "Transfer-Encoding: identity"
      })
  void a_connection_ends_with_a_wish_or_a_body(String header) {
    assertTrue(head("GET / HTTP/1.1", "Host: x", header).isLast());
  }

  @Test
  void a_body_of_no_bytes_is_none() {
    assertFalse(head("GET / HTTP/1.1", "Host: x", "Content-Length: 0").isLast());
  }

  @Test
  void what_is_malformed_passes_as_it_is_and_is_the_last() {
    RequestHead lone = new RequestHead("GET / HTTP/1.1\nHost: x\n\n".getBytes(ISO_8859_1));
    assertTrue(lone.isLast());
    assertEquals("GET / HTTP/1.1\nHost: x\n\n", forHelidon(lone));
    assertEquals("nonsense|Connection: close||", forHelidon(head("nonsense", "Connection: close")));
  }
}
