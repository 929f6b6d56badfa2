package dev.moonboot.http;

import dev.moonboot.secret.ConfigUrls;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request, as routes see it.
 *
 * @param path as sent, percent-encoding included
 * @param query as sent, without the question mark; null when there was none
 * @param headers by lower-case name; several lines of one name joined by {@code ", "}
 * @param client the peer's address; forwarding headers are never believed
 * @param port the peer's port
 * @param local the address of ours that it came to, as in a URL: {@code 10.0.0.1:8080}
 * @param content the body, unread
 */
public record Request(
    String method,
    String path,
    @Nullable String query,
    Map<String, String> headers,
    String client,
    int port,
    String local,
    Content content) {
  public Request {
    headers = Map.copyOf(headers);
  }

  /** The header's value, whatever the case of its name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /** True for GET and HEAD. */
  public boolean isRead() {
    return isHead() || method.equals("GET");
  }

  /** True when a body follows the head (RFC 9112, 6). */
  public boolean announcesBody() {
    return headers.containsKey("transfer-encoding")
        || header("content-length").map(length -> !length.trim().equals("0")).orElse(false);
  }

  /** The target for a log line, without tickets. */
  String target() {
    if (path.startsWith(ConfigUrls.FOLDER)) {
      return ConfigUrls.FOLDER + "***";
    }
    return query == null ? path : path + "?" + query;
  }
}
