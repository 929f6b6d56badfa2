package dev.moonboot.testing;

import dev.moonboot.testing.FakeRegistryReply.HeaderDelivery;
import java.util.Arrays;
import java.util.Map;

/** Turns the right answer into another one. */
@FunctionalInterface
public interface FakeRegistryFault {
  FakeRegistryReply apply(FakeRegistryRequest request, FakeRegistryReply right);

  /** Only a status. */
  static FakeRegistryFault status(int status) {
    return (request, right) -> FakeRegistryReply.of(status);
  }

  /** A status and one header, such as {@code 429} and {@code Retry-After}. */
  static FakeRegistryFault status(int status, String header, String value) {
    return (request, right) -> FakeRegistryReply.of(status, Map.of(header, value), new byte[0]);
  }

  /** A temporary redirect. */
  static FakeRegistryFault redirect(String location) {
    return status(307, "Location", location);
  }

  /** The same, but one bit in the middle of the body is another. */
  static FakeRegistryFault flippedBit() {
    return (request, right) -> {
      byte[] body = right.body().clone();
      body[body.length / 2] ^= 1;
      return right.withBody(body);
    };
  }

  /** The body without its last bytes, or with zeros more, and truthfully announced so. */
  static FakeRegistryFault longerBy(int bytes) {
    return (request, right) ->
        right.withBody(Arrays.copyOf(right.body(), right.body().length + bytes));
  }

  /** Another body. */
  static FakeRegistryFault body(byte[] body) {
    return (request, right) -> right.withBody(body);
  }

  /** One header otherwise. */
  static FakeRegistryFault header(String name, String value) {
    return (request, right) -> right.withHeader(name, value);
  }

  /** One header missing. */
  static FakeRegistryFault without(String name) {
    return (request, right) -> right.withHeader(name, null);
  }

  /** A Content-Length that is not true; −1 for chunked transfer. */
  static FakeRegistryFault announcing(long length) {
    return (request, right) -> right.announcing(length);
  }

  /** The connection is cut after so many bytes of body. */
  static FakeRegistryFault cutAfter(int bytes) {
    return (request, right) -> right.cutAfter(bytes);
  }

  /** Nothing comes after so many bytes of body; the connection stays open. */
  static FakeRegistryFault stallingAfter(int bytes) {
    return (request, right) -> right.stallingAfter(bytes);
  }

  /** A pause after every so many bytes. */
  static FakeRegistryFault trickling(int bytes, long pauseMillis) {
    return (request, right) -> right.trickling(bytes, pauseMillis);
  }

  /** No answer at all, the connection staying open. */
  static FakeRegistryFault silence() {
    return (request, right) -> right.with(HeaderDelivery.STALLED);
  }

  /** The connection is closed instead of an answer. */
  static FakeRegistryFault hangUp() {
    return (request, right) -> right.with(HeaderDelivery.HUNG_UP);
  }
}
