package dev.moonboot.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer: status, headers in order, body. {@code Content-Length}, {@code Date} and {@code
 * Connection} are added where it is written.
 */
public record Reply(int status, Map<String, String> headers, Body body) {
  public static final String TEXT = "text/plain; charset=utf-8";

  public Reply {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** An answer without headers. */
  public static Reply of(int status, Body body) {
    return new Reply(status, Map.of(), body);
  }

  /** A plain text. */
  public static Reply text(int status, String text) {
    return typed(status, TEXT, text);
  }

  /** A text that holds for this moment only. */
  static Reply uncached(int status, String text) {
    return text(status, text).with("Cache-Control", "no-store");
  }

  /** A text of that content type. */
  public static Reply typed(int status, String type, String text) {
    return of(status, new Body.Text(text)).with("Content-Type", type);
  }

  /** The same with one more header. */
  public Reply with(String name, String value) {
    return with(Map.of(name, value));
  }

  /** The same with more headers. */
  public Reply with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Reply(status, all, body);
  }
}
