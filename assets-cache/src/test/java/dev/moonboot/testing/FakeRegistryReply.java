package dev.moonboot.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of {@link FakeRegistry}, and how it goes over the wire.
 *
 * @param status HTTP status
 * @param headers written as they are, without any check; {@code Content-Length} is added
 * @param body content
 * @param announced the Content-Length said; −1: none, chunked transfer instead; null: the truth
 * @param headerDelivery what happens before the first byte
 * @param cutAfter bytes of body after which the connection is cut; null for never
 * @param stallAfter bytes of body after which nothing comes, the connection staying open; null for
 *     never
 * @param trickle pause after every {@code trickleBytes} bytes, in milliseconds; 0 for full speed
 * @param trickleBytes bytes between pauses
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FakeRegistryReply(
    int status,
    Map<String, String> headers,
    byte[] body,
    @Nullable Long announced,
    HeaderDelivery headerDelivery,
    @Nullable Integer cutAfter,
    @Nullable Integer stallAfter,
    long trickle,
    int trickleBytes) {
  /** What happens before the first byte of an answer. */
  public enum HeaderDelivery {
    /** It is sent. */
    SENT,
    /** Nothing comes and the connection stays open. */
    STALLED,
    /** The connection is closed. */
    HUNG_UP
  }

  /** An ordinary answer. */
  public static FakeRegistryReply of(int status, Map<String, String> headers, byte[] body) {
    return new FakeRegistryReply(
        status, headers, body, null, HeaderDelivery.SENT, null, null, 0, Integer.MAX_VALUE);
  }

  /** A status and nothing else. */
  public static FakeRegistryReply of(int status) {
    return of(status, Map.of(), new byte[0]);
  }

  /** With other content, truthfully announced. */
  public FakeRegistryReply withBody(byte[] other) {
    return new FakeRegistryReply(
        status,
        headers,
        other,
        announced,
        headerDelivery,
        cutAfter,
        stallAfter,
        trickle,
        trickleBytes);
  }

  /** With one more header, or another value for it; null takes it away. */
  public FakeRegistryReply withHeader(String name, @Nullable String value) {
    Map<String, String> changed = new LinkedHashMap<>(headers);
    changed.remove(name);
    if (value != null) {
      changed.put(name, value);
    }
    return new FakeRegistryReply(
        status,
        changed,
        body,
        announced,
        headerDelivery,
        cutAfter,
        stallAfter,
        trickle,
        trickleBytes);
  }

  /** Announcing another length than it has; −1 for chunked transfer. */
  public FakeRegistryReply announcing(long length) {
    return new FakeRegistryReply(
        status, headers, body, length, headerDelivery, cutAfter, stallAfter, trickle, trickleBytes);
  }

  /** Beginning otherwise. */
  public FakeRegistryReply with(HeaderDelivery delivery) {
    return new FakeRegistryReply(
        status, headers, body, announced, delivery, cutAfter, stallAfter, trickle, trickleBytes);
  }

  /** Cut after so many bytes of body. */
  public FakeRegistryReply cutAfter(int bytes) {
    return new FakeRegistryReply(
        status, headers, body, announced, headerDelivery, bytes, stallAfter, trickle, trickleBytes);
  }

  /** Silent after so many bytes of body. */
  public FakeRegistryReply stallingAfter(int bytes) {
    return new FakeRegistryReply(
        status, headers, body, announced, headerDelivery, cutAfter, bytes, trickle, trickleBytes);
  }

  /** Slow: a pause after every so many bytes. */
  public FakeRegistryReply trickling(int bytes, long pauseMillis) {
    return new FakeRegistryReply(
        status, headers, body, announced, headerDelivery, cutAfter, stallAfter, pauseMillis, bytes);
  }
}
