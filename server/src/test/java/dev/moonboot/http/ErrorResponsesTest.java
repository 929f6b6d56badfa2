package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what goes wrong and what a node sees of it. */
class ErrorResponsesTest {
  static Stream<Arguments> table() {
    return Stream.of(
        arguments(ErrorResponses.badRequest(), 400, "400 Bad Request", ""),
        arguments(ErrorResponses.forbidden(), 403, "403 Forbidden", ""),
        arguments(ErrorResponses.notFound(), 404, "404 page not found", ""),
        arguments(
            ErrorResponses.methodNotAllowed("GET, HEAD"),
            405,
            "405 Method Not Allowed",
            "Allow: GET, HEAD"),
        arguments(
            ErrorResponses.bodyRefused(),
            413,
            "413 Content Too Large: nothing here takes a request body",
            ""),
        arguments(ErrorResponses.rangeMalformed(), 416, "invalid range", ""),
        arguments(
            ErrorResponses.rangeNotThere(10),
            416,
            "invalid range: failed to overlap",
            "Content-Range: bytes */10"),
        arguments(ErrorResponses.tooManyHeaders(), 431, "431 Request Header Fields Too Large", ""),
        arguments(ErrorResponses.fault("1f3a"), 500, "500 Internal Server Error, id 1f3a", ""),
        arguments(
            ErrorResponses.notReady("custom"),
            503,
            "not ready: channel custom has no release yet",
            "Retry-After: 10"),
        arguments(
            ErrorResponses.busy(), 503, "busy: too many transfers at once", "Retry-After: 5"));
  }

  @ParameterizedTest
  @MethodSource("table")
  void a_node_sees_one_short_line(Reply reply, int status, String line, String header) {
    assertEquals(status, reply.status());
    assertEquals(new Body.Text(line + "\n"), reply.body());
    assertEquals("nosniff", reply.headers().get("X-Content-Type-Options"));
    assertEquals("no-store", reply.headers().get("Cache-Control"));
    if (!header.isEmpty()) {
      String name = header.substring(0, header.indexOf(':'));
      assertEquals(header, name + ": " + reply.headers().get(name));
    }
  }
}
