package dev.moonboot.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing the API can be asked for.
 *
 * @param path a template: {@code /admin/v1/channels/{channel}/hold}; what stands for {@code
 *     {digest}} and {@code {other}} is a digest or its beginning, for {@code {userCode}} a user
 *     code, for any other name an id
 * @param role what a caller needs; null when everybody may ask
 * @param operation its name in the OpenAPI document, the audit log and the log
 * @param query the query parameters it knows; others are refused
 */
record Endpoint(
    String method,
    String path,
    @Nullable Role role,
    String operation,
    List<String> query,
    Handler handler) {
  Endpoint {
    query = List.copyOf(query);
  }

  /** Something to read: for the role {@code read}; HEAD goes with it. */
  static Endpoint get(String path, String operation, Handler handler) {
    return new Endpoint("GET", path, Role.READ, operation, List.of(), handler);
  }

  /** Something to read without a token. */
  static Endpoint open(String path, String operation, Handler handler) {
    return new Endpoint("GET", path, null, operation, List.of(), handler);
  }

  static Endpoint post(String path, Role role, String operation, Handler handler) {
    return new Endpoint("POST", path, role, operation, List.of(), handler);
  }

  static Endpoint put(String path, Role role, String operation, Handler handler) {
    return new Endpoint("PUT", path, role, operation, List.of(), handler);
  }

  static Endpoint delete(String path, Role role, String operation, Handler handler) {
    return new Endpoint("DELETE", path, role, operation, List.of(), handler);
  }

  /** The same with query parameters. */
  Endpoint query(String... names) {
    return new Endpoint(method, path, role, operation, List.of(names), handler);
  }

  /** True when a call may change something, and so is written down first. */
  boolean changes() {
    return !method.equals("GET");
  }
}
